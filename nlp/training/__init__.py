"""How the model is made: data, fine-tuning, evaluation, export. Needs the `train` extra, but for rows.py, and serving
imports nothing else of it."""
