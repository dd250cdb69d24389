"""The truth: PostgreSQL, one module per aggregate. Every function takes the transaction it works in."""

from bot.store.database import Store, StoreUnavailable, Tx

__all__ = ["Store", "StoreUnavailable", "Tx"]
