"""Step 1, receive: bytes become a submission whose signer is proven, or a rejection; also the requester's side of the same format."""
