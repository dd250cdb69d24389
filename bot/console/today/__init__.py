"""What needs a person now, on one page."""
