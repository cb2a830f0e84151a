"""Step 5: does exactly one record bear this name at this address? Pure; the index of records is behind a Protocol."""
