"""Providers are looked for by bands of latitude, so that of a city only those around a point are read"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LOOKED_AT = (
    "kind", "min_months", "max_months", "days", "open_week", "places_free", "paused_until", "demo", "phone_key",
    "verified_until",
)  # fmt: skip


def upgrade() -> None:
    band = sa.Computed("CAST(floor(lat * 100) AS smallint)", persisted=True)
    op.add_column("provider", sa.Column("lat_band", sa.SmallInteger(), band, nullable=False))
    op.drop_index("ix_provider_match", table_name="provider")
    _index("lat_band", "lon", with_them=("id", "lat", *_LOOKED_AT))


def downgrade() -> None:
    op.drop_index("ix_provider_match", table_name="provider")
    op.drop_column("provider", "lat_band")
    _index("lat", "lon", with_them=("id", *_LOOKED_AT))


def _index(*columns: str, with_them: tuple[str, ...]) -> None:
    op.create_index(
        "ix_provider_match",
        "provider",
        columns,
        postgresql_include=with_them,
        postgresql_where=sa.text("verified_at IS NOT NULL"),
    )
