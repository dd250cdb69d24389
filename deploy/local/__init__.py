"""Everything on one machine that has nothing of ours: `python -m deploy.local`, or `make run`."""
