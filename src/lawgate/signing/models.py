"""Tables of the service's own database. Lost with it, people prepare and look again; nothing of a matter is in them."""

from __future__ import annotations

from django.db import models


class Prepared(models.Model):
    """A document of one account that waits for its signature: canonical bytes, sealed. ``spent_at`` says that it was signed, once."""

    number = models.CharField(max_length=32, primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)
    spent_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """What the register need not know of a signing passkey: how its authenticator calls it, and the highest count it gave."""

    keyid = models.CharField(max_length=32, primary_key=True)
    credential = models.BinaryField(default=bytes)
    count = models.BigIntegerField(default=0)


class Shown(models.Model):
    """A line that was shown in full to an account; ``mark`` is a keyed fingerprint of all that was on the page about it."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
    submission = models.CharField(max_length=64)
    ordinal = models.IntegerField()
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Once for each state of a line."""

        constraints = (
            models.UniqueConstraint(fields=["account", "submission", "ordinal", "mark"], name="shown_once"),
        )


class Judged(models.Model):
    """What an account found of one sampled answer while looking; it counts only once it is signed together with the others."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
    submission = models.CharField(max_length=64)
    batch = models.IntegerField()
    ordinal = models.IntegerField()
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        """The last word counts."""

        constraints = (
            models.UniqueConstraint(fields=["account", "submission", "batch", "ordinal"], name="judged_once"),
        )
