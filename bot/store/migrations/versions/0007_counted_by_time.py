"""What came, left and was asked in the last hours is counted without reading all there ever was"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTED = {"inbound_message": "received_at", "outbound_message": "created_at", "search": "created_at"}


def upgrade() -> None:
    for table, column in COUNTED.items():
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in COUNTED.items():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
