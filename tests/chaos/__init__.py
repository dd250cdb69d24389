"""Everything is killed, stopped and cut while people write; then it is counted what was lost, doubled, out of order.

`python -m tests.chaos` (`make chaos`) does all of it and prints a table; a short part runs with the tests.
"""
