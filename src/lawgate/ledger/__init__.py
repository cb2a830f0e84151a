"""Step 7, the tamper-evident log: what is published here cannot be changed, hidden or shown differently to two people."""
