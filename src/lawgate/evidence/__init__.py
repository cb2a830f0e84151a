"""What makes bytes evidence: one canonical spelling, commitments that open in one way only, signed envelopes."""
