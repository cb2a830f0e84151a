"""Lawgate, a lawful-disclosure gateway: nine steps from a signed request to an accounted answer."""

__version__ = "0.1.0"
