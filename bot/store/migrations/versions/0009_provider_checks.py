"""What was checked of a provider, when, by whom and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)

NAME_WORDS = """
CREATE FUNCTION name_words(name text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple', translate(lower(name), 'ÁÉÍÓÚÜÑáéíóúüñ', 'aeiouunaeiouun'))
$$
"""
"""As people type them: without accents."""

MATCHED_BY = [
    "id", "kind", "min_months", "max_months", "days", "open_week", "places_free", "paused_until", "demo", "phone_key",
]  # fmt: skip

CHECKED_BEFORE = """
INSERT INTO provider_check (provider_id, kind, done_on, valid_until, by_name, recorded_at)
SELECT provider.id, needed.kind, done.day, greatest(done.day + needed.holds, current_date + 90),
    coalesce(verified_by, '-'), verified_at
FROM provider
CROSS JOIN LATERAL (SELECT (verified_at AT TIME ZONE 'America/Lima')::date AS day) AS done
JOIN (VALUES
    ('identity', 1825, '{cuna_mas,municipal,daycare,preschool,home,nanny}'::text[]),
    ('background', 365, '{cuna_mas,municipal,daycare,preschool,home,nanny}'),
    ('visit', 365, '{cuna_mas,municipal,daycare,preschool,home}'),
    ('interview', 365, '{nanny}'),
    ('licence', 730, '{daycare,preschool}')
) AS needed(kind, holds, kinds) ON provider.kind = ANY(needed.kinds)
WHERE verified_at IS NOT NULL
"""
"""Who was verified before there were checks: whoever verified them had looked at all. Nobody disappears by the upgrade
itself: each check counts for three months at least."""

VERIFIED_UNTIL = """
UPDATE provider SET verified_until = (
    SELECT (min(valid_until) + 1)::timestamp AT TIME ZONE 'America/Lima'
    FROM provider_check WHERE provider_id = provider.id
)
WHERE verified_at IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "provider_check",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("provider_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_operator", sa.BigInteger),
        sa.Column("note_sealed", sa.LargeBinary),
        sa.Column("recorded_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_provider_check"),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name="fk_provider_check_provider_id_provider",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "uq_provider_check_open",
        "provider_check",
        ["provider_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_provider_check_provider_id", "provider_check", ["provider_id", "id"])
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("operator_id", sa.BigInteger, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sa.UniqueConstraint("token_hash", name="uq_upload_token_hash"),
    )
    op.create_index("ix_upload_created_at", "upload", ["created_at"])

    op.execute(NAME_WORDS)
    op.add_column("provider", sa.Column("verified_until", WHEN))
    op.add_column("provider", sa.Column("ready_at", WHEN))
    op.add_column(
        "provider",
        sa.Column("name_words", TSVECTOR, sa.Computed("name_words(name)", persisted=True)),
    )
    op.execute(CHECKED_BEFORE)
    op.execute(VERIFIED_UNTIL)
    op.create_check_constraint(
        op.f("ck_provider_verified_has_an_end"),
        "provider",
        "(verified_at IS NULL) = (verified_until IS NULL)",
    )
    op.drop_index("ix_provider_match", table_name="provider")
    _create_match_index([*MATCHED_BY, "verified_until"])
    op.create_index("ix_provider_name_words", "provider", ["name_words"], postgresql_using="gin")
    op.create_index("ix_provider_ubigeo", "provider", ["ubigeo", "id"])
    for name, columns, where in FOUND_BY:
        op.create_index(name, "provider", columns, postgresql_where=sa.text(where))


FOUND_BY = (
    ("ix_provider_unverified", ["id"], "verified_at IS NULL"),
    ("ix_provider_verified_until", ["verified_until", "id"], "verified_at IS NOT NULL"),
    ("ix_provider_ready_at", ["ready_at", "id"], "ready_at IS NOT NULL"),
    ("ix_provider_paused", ["id"], "paused_until IS NOT NULL"),
    ("ix_provider_full", ["id"], "places_free = 0"),
)


def downgrade() -> None:
    for name, _, _ in FOUND_BY:
        op.drop_index(name, table_name="provider")
    op.drop_index("ix_provider_ubigeo", table_name="provider")
    op.drop_index("ix_provider_name_words", table_name="provider")
    op.drop_index("ix_provider_match", table_name="provider")
    op.drop_constraint(op.f("ck_provider_verified_has_an_end"), "provider")
    op.drop_column("provider", "name_words")
    op.drop_column("provider", "ready_at")
    op.drop_column("provider", "verified_until")
    op.execute("DROP FUNCTION name_words(text)")
    _create_match_index(MATCHED_BY)
    op.drop_table("upload")
    op.drop_table("provider_check")


def _create_match_index(matched_by: list[str]) -> None:
    op.create_index(
        "ix_provider_match",
        "provider",
        ["lat", "lon"],
        postgresql_include=matched_by,
        postgresql_where=sa.text("verified_at IS NOT NULL"),
    )
