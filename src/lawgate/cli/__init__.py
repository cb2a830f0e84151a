"""Thin commands: nouns, then verbs. Data on standard output, everything else on standard error."""
