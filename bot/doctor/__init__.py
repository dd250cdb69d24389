"""Whether an installation is well, and what to do where it is not: each look is one line."""

from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Verdict

__all__ = ["Finding", "Verdict", "examine"]
