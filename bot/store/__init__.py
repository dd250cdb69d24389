"""The truth: PostgreSQL, one module per aggregate. Every function takes the transaction it works in."""

from bot.store.database import Store, StoreBusy, StoreUnavailable, Tx, is_trouble

__all__ = ["Store", "StoreBusy", "StoreUnavailable", "Tx", "is_trouble"]
