"""How the model is made: data, fine-tuning, evaluation, export. Needs the `train` extra; serving never imports it."""
