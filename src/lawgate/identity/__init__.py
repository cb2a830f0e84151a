"""What a name and an address say: read, judge whether they are enough, bring to a normal form. Pure; looks nothing up."""
