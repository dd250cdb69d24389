"""What waits to be done, who does it, and what failed."""
