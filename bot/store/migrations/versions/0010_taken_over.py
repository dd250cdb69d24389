"""Conversations that a person of Ayllu has taken over from the bot; who wrote what, and where people are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES: tuple[tuple[str, str, list[str]], ...] = (
    ("ix_conversation_updated_at", "conversation", ["updated_at", "contact_id"]),
    ("ix_conversation_ubigeo_key", "conversation", ["ubigeo_key", "updated_at"]),
    ("ix_inbound_message_contact_id", "inbound_message", ["contact_id", "id"]),
    ("ix_outbound_message_contact_id", "outbound_message", ["contact_id", "id"]),
)


def upgrade() -> None:
    op.create_table(
        "taken_over",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_word_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_taken_over_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_taken_over")),
    )
    op.add_column("outbound_message", sa.Column("written_by", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("ubigeo_key", sa.LargeBinary(), nullable=True))
    op.add_column("conversation", sa.Column("ubigeo_sealed", sa.LargeBinary(), nullable=True))
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_column("conversation", "ubigeo_sealed")
    op.drop_column("conversation", "ubigeo_key")
    op.drop_column("outbound_message", "written_by")
    op.drop_table("taken_over")
