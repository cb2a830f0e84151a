"""The portal's tables, beside the accounts: nothing in them says anything of a person on record, and of those who ask only their ids."""

from __future__ import annotations

from django.db import models

from lawgate.accounts.models import Account


class Progress(models.Model):
    """How far a worker has come with one submission: ``lines`` of ``total`` in ``step``, begun and told at these moments.

    A row is there while somebody works on the submission, and stays as it was if the worker was killed; the next one writes over it.
    """

    number = models.CharField(max_length=16, primary_key=True)
    step = models.CharField(max_length=20)
    lines = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    begun = models.DateTimeField()
    told = models.DateTimeField()


class Sending(models.Model):
    """A submission that came through the portal: whose it is before its cover is proven, what it follows, and whether it was taken back."""

    number = models.CharField(max_length=16, primary_key=True)
    agency = models.CharField(max_length=200)
    person = models.CharField(max_length=200)
    follows = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        """What is asked for by agency."""

        indexes = (models.Index(fields=["agency", "at"], name="sending_by_agency"),)


class Link(models.Model):
    """A way to collect one submission's packages, once, by one account. Only the digest of its token is kept."""

    token_sha256 = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    number = models.CharField(max_length=16)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
