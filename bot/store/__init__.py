"""The truth: PostgreSQL, one module per aggregate. Every function takes the transaction it works in."""

from bot.store.database import TROUBLE, Store, StoreBusy, StoreUnavailable, Tx

__all__ = ["TROUBLE", "Store", "StoreBusy", "StoreUnavailable", "Tx"]
