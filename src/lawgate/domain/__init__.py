"""The words everyone shares: step types, findings, codes, standing, stops, receipts, errors. Standard library only."""
