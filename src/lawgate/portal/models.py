"""The portal's tables, beside the accounts': none holds anything of a person but which account it was."""

from __future__ import annotations

from django.db import models


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
