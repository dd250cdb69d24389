"""Who fits is told from one index: the minutes at which a provider is open, and all that matching looks at"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN_WEEK = """
CREATE FUNCTION open_week(days text[], opens text, closes text) RETURNS int4multirange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(range_agg(int4range(begins, begins + length)), '{}') * '{[0,11520)}'
    FROM (
        SELECT
            1440 * (7 * week + array_position(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], day) - 1)
                + opening AS begins,
            1440 - (opening - closing + 1440) % 1440 AS length
        FROM unnest(days) AS day, generate_series(-1, 1) AS week, (
            SELECT
                substr(opens, 1, 2)::int * 60 + substr(opens, 4, 2)::int AS opening,
                substr(closes, 1, 2)::int * 60 + substr(closes, 4, 2)::int AS closing
        ) AS times
    ) AS spans
$$
"""
"""As matching/week.py: an end that is not later is the next morning, spans that touch are one, and the week begins
again. It goes on to the end of the next Monday, for nights of Sunday."""

MATCHED_BY = [
    "id", "kind", "min_months", "max_months", "days", "open_week", "places_free", "paused_until", "demo", "phone_key",
]  # fmt: skip


def upgrade() -> None:
    op.execute(OPEN_WEEK)
    op.add_column(
        "provider",
        sa.Column(
            "open_week",
            postgresql.INT4MULTIRANGE(),
            sa.Computed("open_week(days, opens, closes)", persisted=True),
            nullable=False,
        ),
    )
    op.drop_index("ix_provider_place", table_name="provider")
    op.create_index(
        "ix_provider_match",
        "provider",
        ["lat", "lon"],
        postgresql_include=MATCHED_BY,
        postgresql_where=sa.text("verified_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_provider_match", table_name="provider")
    op.create_index(
        "ix_provider_place", "provider", ["lat", "lon"], postgresql_where=sa.text("verified_at IS NOT NULL")
    )
    op.drop_column("provider", "open_week")
    op.execute("DROP FUNCTION open_week(text[], text, text)")
