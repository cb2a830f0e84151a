"""What requesters and officers do through the service: send, follow, collect, acknowledge; and how far the work on a submission has come."""
