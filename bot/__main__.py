"""`python -m bot …`, the same as `ayllu …`."""

from bot.cli import main

main()
