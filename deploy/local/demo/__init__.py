"""Invented providers and hubs, to show Ayllu with."""
