"""Checks what a Lawgate gateway says: its public log, and the sealed answers it hands over, without a line of its code."""
