"""Learning material: found, read as people read it, kept right, tried with a question; CSV in and out."""
