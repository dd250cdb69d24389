"""How it runs. Nothing imports this package."""
