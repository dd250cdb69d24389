"""How far families come, what they wait for in vain, and what messages cost: in figures in which nobody is found."""
