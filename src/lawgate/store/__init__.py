"""The relational memory: a Django app that keeps what the gateway promised to remember, personal data encrypted."""
