"""Who looks after a case, and what was done; what was put off today's list; what the console's lists ask for"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEXES: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_care_request_created_at", "care_request", ["created_at"], None),
    ("ix_care_request_contact_id", "care_request", ["contact_id"], None),
    ("ix_operator_case_contact_id", "operator_case", ["contact_id"], None),
    ("ix_search_contact_id", "search", ["contact_id", "id"], None),
    ("ix_outbound_message_failed", "outbound_message", ["created_at"], "status = 'failed'"),
    ("ix_inbound_message_unsure", "inbound_message", ["received_at"], "confidence < 0.5"),
    ("ix_offer_comment_unread", "offer", ["id"], "comment_sealed IS NOT NULL AND comment_read_at IS NULL"),
)


def upgrade() -> None:
    op.add_column("operator_case", sa.Column("taken_by", sa.BigInteger(), nullable=True))
    op.add_column("operator_case", sa.Column("closed_by", sa.BigInteger(), nullable=True))
    op.add_column("operator_case", sa.Column("note_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "set_aside",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_set_aside_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "kind", name=op.f("pk_set_aside")),
    )
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where) if where else None)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_table("set_aside")
    for column in ("note_sealed", "closed_by", "taken_by"):
        op.drop_column("operator_case", column)
