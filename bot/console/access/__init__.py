"""Who may use the console: logging in and out, roles, sessions, passwords and second proofs.

Each view of the console bears `@at_least(Role.…)` below its route; `current()` says who asks.
"""

from bot.console.access.guard import at_least, current
from bot.console.access.roles import Operator, Role

__all__ = ["Operator", "Role", "at_least", "current"]
