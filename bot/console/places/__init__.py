"""Hubs: found, seen on a map, kept right, closed; taken in and given out as a CSV."""
