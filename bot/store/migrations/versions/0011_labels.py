"""Messages to label and what they were labelled; what families asked and what messages cost, counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "to_label",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("contact_id", sa.BigInteger),
        sa.Column("inbound_id", sa.BigInteger),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("sampled", sa.Boolean, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary, nullable=False),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("spans", JSONB, nullable=False),
        sa.Column("wanted", sa.BigInteger, nullable=False),
        sa.Column("opinions", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_to_label")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_to_label_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("inbound_id", name=op.f("uq_to_label_inbound_id")),
    )
    op.create_index("ix_to_label_contact_id", "to_label", ["contact_id"])
    op.create_index("ix_to_label_received_at", "to_label", ["received_at"])
    op.create_index("ix_to_label_open", "to_label", ["id"], postgresql_where=sa.text("opinions < wanted"))
    op.create_table(
        "label",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("to_label_id", sa.BigInteger, nullable=False),
        sa.Column("operator_id", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("intent", sa.Text),
        sa.Column("spans", JSONB),
        sa.Column("at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.ForeignKeyConstraint(
            ["to_label_id"], ["to_label.id"], name=op.f("fk_label_to_label_id_to_label"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("to_label_id", "operator_id", name=op.f("uq_label_to_label_id_operator_id")),
    )
    op.create_table(
        "counted",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("contact_id", sa.BigInteger, nullable=False),
        sa.Column("quarter_ends", sa.Date, nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_counted_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("contact_id", "quarter_ends", name=op.f("uq_counted_contact_id_quarter_ends")),
    )
    op.create_index("ix_counted_quarter_ends", "counted", ["quarter_ends"])
    op.create_table(
        "tally",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("quarter", sa.Date, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("ubigeo", sa.Text, nullable=False),
        sa.Column("age", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("families", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.UniqueConstraint(
            "quarter", "week", "ubigeo", "age", "what", name=op.f("uq_tally_quarter_week_ubigeo_age_what")
        ),
    )
    op.create_table(
        "message_tally",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("messages", sa.BigInteger, nullable=False),
        sa.Column("segments", sa.BigInteger, nullable=False),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("replies", sa.BigInteger, nullable=False),
        sa.Column("cost_micros", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_tally")),
        sa.UniqueConstraint(
            "week", "region", "channel", "status", name=op.f("uq_message_tally_week_region_channel_status")
        ),
    )


def downgrade() -> None:
    for table in ("message_tally", "tally", "counted", "label", "to_label"):
        op.drop_table(table)
