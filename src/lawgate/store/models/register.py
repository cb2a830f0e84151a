"""The register: agencies, office-holders, agreements, safeguards, keys and stops, history included."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, TextField, Value, When

from lawgate.domain.stop import StopScope


class Agency(models.Model):
    """A requesting agency over one span of days."""

    agency = models.TextField()
    name = models.TextField()
    justice = models.BooleanField()
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.UniqueConstraint(fields=["agency", "since"], name="agency_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="agency_span"
            ),
        )


class OfficeHolder(models.Model):
    """Who holds which office; ``name`` is sealed."""

    agency = models.TextField()
    office = models.TextField()
    person = models.TextField()
    name = models.BinaryField()
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.UniqueConstraint(fields=["agency", "office", "person", "since"], name="office_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="office_span"
            ),
        )


class Agreement(models.Model):
    """The terms an agency submits under, over one span of days."""

    agreement = models.TextField()
    agency = models.TextField()
    pack = models.TextField()
    max_lines = models.PositiveIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    statement_days = models.PositiveIntegerField(null=True)
    end_days = models.PositiveIntegerField(null=True)

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.UniqueConstraint(fields=["agreement", "since"], name="agreement_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="agreement_span"
            ),
        )


class Safeguard(models.Model):
    """One finding on an agency's safeguards."""

    agency = models.TextField()
    status = models.TextField()
    reference = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.UniqueConstraint(fields=["agency", "reference", "since"], name="safeguard_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="safeguard_span"
            ),
        )


class Key(models.Model):
    """An enrolled key; ``custody`` (custodian and location) is sealed."""

    keyid = models.CharField(max_length=32, unique=True)
    public = models.CharField(max_length=66)
    person = models.TextField()
    agency = models.TextField()
    role = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recipient = models.TextField(null=True)
    custody = models.BinaryField()
    scripted = models.BooleanField()
    relying_party = models.TextField(null=True)


class Stop(models.Model):
    """A stop order and, perhaps, the second order that lifted it; ``authority`` is sealed. ``reaches`` is its subject, or nothing where that is the
    fingerprint of a person."""

    stop = models.TextField(unique=True)
    scope = models.TextField()
    subject = models.TextField()
    reaches = models.GeneratedField(
        expression=Case(
            When(scope=StopScope.PERSON.value, then=Value("")), default=F("subject"), output_field=TextField()
        ),
        output_field=TextField(),
        db_persist=True,
    )
    authority = models.BinaryField()
    issuer = models.TextField()
    envelope_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lift_sha256 = models.CharField(max_length=64, null=True)

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_sha256__isnull=True)
                | (Q(lifted_at__gte=F("received_at")) & ~Q(lift_sha256=F("envelope_sha256"))),
                name="stop_lifted_by_a_second_order",
            ),
        )
