"""Those who care for children: found, looked at, verified step by step, changed, taken in and out by tables."""
