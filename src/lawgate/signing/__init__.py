"""What a person signs on a page: exact bytes prepared on the server, shown in full, and signed by the person's own key or not at all."""
