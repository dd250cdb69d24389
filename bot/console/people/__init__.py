"""The people of the console: who they are, what they may do, and how they get in."""
