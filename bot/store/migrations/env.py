"""How Alembic reaches the database: one transaction for all steps, one migrator at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from bot.store.tables import Base

MIGRATION_LOCK = 0x41594C4C55  # "AYLLU": two deployments that migrate at once take turns

engine = create_engine(context.config.attributes["database_url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()
engine.dispose()
