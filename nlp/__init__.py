"""What a message means: intent, slots, and the values they stand for."""
