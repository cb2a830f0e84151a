"""The tables of ours beside sessions and second factors: an account and whose it is, the keys its machines call with, and what was called."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from lawgate.accounts.roles import Post


class Account(AbstractBaseUser):
    """``login`` is what is typed. It belongs to one ``person`` of one ``agency`` in the register, or to a ``post``; never to both.

    No role is kept here: ``roles.parts_of`` reads them from the register.
    """

    login = models.CharField(max_length=100, unique=True)
    person = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=20, blank=True, choices=[(p.value, p.value) for p in Post])
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager()

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.UniqueConstraint(
                fields=["person", "agency"], condition=~Q(person=""), name="account_once_a_person"
            ),
            models.CheckConstraint(
                condition=(~Q(person="") & ~Q(agency="") & Q(post=""))
                | (Q(person="") & Q(agency="") & ~Q(post="")),
                name="account_of_a_person_or_a_post",
            ),
        )


class Identity(models.Model):
    """Somebody at an identity provider, ``subject`` of ``issuer``, whom an operator bound to an account."""

    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)

    class Meta:
        """Nobody there is two people here."""

        constraints = (models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),)


class SignIn(models.Model):
    """A browser that was sent to the provider and is not back: found by the digest of its cookie, gone with its first return."""

    handle = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    verifier = models.CharField(max_length=128)
    at = models.DateTimeField(db_index=True)


class CallKey(models.Model):
    """An Ed25519 key (``public``: 64 hex digits) with which a machine calls the API for an account. It signs calls and nothing else."""

    keyid = models.CharField(max_length=32, primary_key=True)
    public = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)


class SpentNonce(models.Model):
    """A signed call that was let in at a moment. The same key and nonce are never let in again while their signature could still be good."""

    keyid = models.CharField(max_length=32)
    nonce = models.CharField(max_length=128)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """One row a call; the second index counts the calls of a key."""

        constraints = (models.UniqueConstraint(fields=["keyid", "nonce"], name="nonce_once_a_key"),)
        indexes = (models.Index(fields=["keyid", "at"], name="calls_of_a_key"),)


class KeptReply(models.Model):
    """What was replied to a call with an idempotency key; ``status`` is 0 until it has been replied to. ``call`` is the call's digest (hex)."""

    keyid = models.CharField(max_length=32)
    key = models.CharField(max_length=128)
    call = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")

    class Meta:
        """One row for each key of each caller."""

        constraints = (models.UniqueConstraint(fields=["keyid", "key"], name="reply_once_a_key"),)
