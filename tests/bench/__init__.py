"""Measurements. Times of one machine mean little: what is claimed are the ratios of one run."""
