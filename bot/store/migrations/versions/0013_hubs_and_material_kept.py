"""Hubs that closed, and when somebody last looked at one; material that is no longer offered"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hub", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("hub", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("hub", sa.Column("seen_by", sa.Text(), nullable=True))
    op.add_column("resource", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_hub_name", "hub", ["name", "id"])
    op.create_index("ix_resource_title", "resource", ["title", "id"])


def downgrade() -> None:
    op.drop_index("ix_resource_title", table_name="resource")
    op.drop_index("ix_hub_name", table_name="hub")
    op.drop_column("resource", "withdrawn_at")
    for column in ("seen_by", "seen_at", "closed_at"):
        op.drop_column("hub", column)
