"""Who can help, in order, and why."""
