"""Steps 6 to 8 on the way out: the least that may be said, its leaf, its sealed package, its accounting."""
