"""The kept counts of lines, changed in the transaction that moves the lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db.models import Count, F

from lawgate.store import models
from lawgate.store.bulk import chunks

Place = tuple[str, str, str, str]
"""Submission, state, letter, and the codes as JSON."""


@contextmanager
def counted(keys: Sequence[int]) -> Iterator[None]:
    """Keep the counts in step with whatever the block does to these lines, named by their keys in the table.

    Inside the caller's transaction: a crash before its commit leaves lines and counts as they were, both.
    """
    before = _places(keys)
    yield
    after = _places(keys)
    after.subtract(before)
    keep_counts(after)


def keep_counts(changes: Mapping[Place, int]) -> None:
    """Add to the counts, or take away from them, inside the caller's transaction."""
    for (submission, state, disposition, codes), lines in changes.items():
        if not lines:
            continue
        place = {"submission_id": submission, "state": state, "disposition": disposition, "codes": codes}
        if not models.LineCount.objects.filter(**place).update(lines=F("lines") + lines):
            models.LineCount.objects.create(**place, lines=lines)


def codes_text(codes: Sequence[str]) -> str:
    """Write codes as the counts name them."""
    return json.dumps(list(codes))


def _places(keys: Sequence[int]) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for some in chunks(keys):
        rows = models.Line.objects.filter(pk__in=some).values_list(
            "submission_id", "state", "disposition", "codes"
        )
        for submission, state, disposition, codes, lines in rows.annotate(Count("pk")).order_by():
            found[submission, state, disposition, codes_text(codes)] += lines
    return found
