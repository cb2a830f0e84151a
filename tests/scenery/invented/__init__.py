"""An invented town for the tests: small, and with every difficulty of matching in it on purpose. The demonstration has a larger world."""
