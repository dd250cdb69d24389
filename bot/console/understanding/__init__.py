"""People label what the model read: unsure messages to learn from, and a random sample to tell how often it errs."""
