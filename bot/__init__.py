"""What arrives and what is said back."""
