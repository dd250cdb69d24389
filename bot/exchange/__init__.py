"""What passes between the two sides: requests, offers, places, and the word to the other side. In the transaction of
whoever acts, under their lock; the other side learns of it through an event, under theirs.

`perform` does what a turn of the dialogue decided; `happen` is an event on its way to the dialogue. Both come back with
the events that the person's own dialogue hears at once.
"""

from bot.exchange.desk import Desk
from bot.exchange.ending import carrier_opted_out, forget_silent, leave
from bot.exchange.happening import happen
from bot.exchange.performing import perform

__all__ = ["Desk", "carrier_opted_out", "forget_silent", "happen", "leave", "perform"]
