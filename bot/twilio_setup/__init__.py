"""`ayllu twilio setup`: the account made ready for Ayllu: templates registered, webhooks set."""

from bot.twilio_setup.setting_up import set_up
from bot.twilio_setup.step import Done, Step

__all__ = ["Done", "Step", "set_up"]
