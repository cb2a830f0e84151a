"""The service's pages: thin views over the same functions that the commands call."""
