"""Seals what the service's own database keeps of people, under the home's own secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def box(use: str) -> Fernet:
    """Return the box of one use; what one box sealed no other opens."""
    key = hashlib.sha256(f"{use}\n".encode() + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
