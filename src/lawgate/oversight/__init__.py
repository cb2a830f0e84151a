"""Step 9, account: reconciliation, the annual counts and the page for people; it reads and never changes anything."""
