"""A copy of the database in one file, and the database again from such a file."""

from bot.backup.dumping import back_up, forget_old
from bot.backup.restoring import Restored, restore
from bot.backup.tools import BackupError

__all__ = ["BackupError", "Restored", "back_up", "forget_old", "restore"]
