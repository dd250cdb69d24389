"""Requests: each with its story, and what an operator can do about it."""
