"""Checks what a Lawgate gateway says, from the format document alone."""
