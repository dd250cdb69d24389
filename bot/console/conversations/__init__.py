"""Conversations: who wrote and was written to, what was said, and a person of Ayllu who answers instead of the bot."""
