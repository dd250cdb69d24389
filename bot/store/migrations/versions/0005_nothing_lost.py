"""Pace of each person, urgency of what leaves, failed searches, the last look at the carrier's list"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("pace", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column(
        "outbound_message", sa.Column("urgency", sa.BigInteger(), server_default="1", nullable=False)
    )
    op.add_column("outbound_message", sa.Column("place", sa.BigInteger(), nullable=True))
    op.add_column("search", sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False))
    op.alter_column("inbound_message", "contact_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_index(
        "ix_outbound_message_untold",
        "outbound_message",
        ["updated_at"],
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_table(
        "last_look",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_last_look")),
    )


def downgrade() -> None:
    op.drop_table("last_look")
    op.execute("DELETE FROM inbound_message WHERE contact_id IS NULL")
    op.alter_column("inbound_message", "contact_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_index("ix_outbound_message_untold", table_name="outbound_message")
    op.drop_column("search", "attempts")
    op.drop_column("outbound_message", "place")
    op.drop_column("outbound_message", "urgency")
    op.drop_column("contact", "pace")
