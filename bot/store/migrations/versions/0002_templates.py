"""Templates, numbers that people gave, and when a message was first tried"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("sms_key", sa.LargeBinary(), nullable=True))
    op.add_column("contact", sa.Column("sms_sealed", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_contact_sms_key"), "contact", ["sms_key"])
    op.add_column("outbound_message", sa.Column("values_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("outbound_message", sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("outbound_message", "first_tried_at")
    op.drop_column("outbound_message", "values_sealed")
    op.drop_constraint(op.f("uq_contact_sms_key"), "contact", type_="unique")
    op.drop_column("contact", "sms_sealed")
    op.drop_column("contact", "sms_key")
