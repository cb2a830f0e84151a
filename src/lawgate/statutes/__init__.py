"""Step 2: every element of a statute gets a finding, with its citation, and not knowing never permits (I-1)."""
