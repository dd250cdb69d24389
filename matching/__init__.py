"""Who can help, in order, and why. `find.py` is the list of steps; `schema.py` is what goes in and comes
out."""
