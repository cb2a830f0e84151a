"""Findings kept once: the lines of a submission share few distinct tuples of findings, and each line refers to its own by number."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.domain.errors import StoreError
from lawgate.domain.finding import Finding
from lawgate.domain.steps import SubmissionId
from lawgate.store import models
from lawgate.store.sealing import place, seal, unseal
from lawgate.store.vault import Box


@dataclass(frozen=True, slots=True)
class Findings:
    """One distinct tuple of findings."""

    findings: tuple[Finding, ...]


class FindingSets:
    """The distinct findings of one submission. Made anew for each transaction or reading: what it holds is what the rows said then."""

    def __init__(self, submission: SubmissionId, box: Box) -> None:
        self._submission = submission
        self._box = box
        self._by_number: dict[int, tuple[Finding, ...]] = {}
        self._by_value: dict[tuple[Finding, ...], int] | None = None
        self._by_identity: dict[tuple[int, ...], tuple[int, tuple[Finding, ...]]] = {}

    def of(self, number: int) -> tuple[Finding, ...]:
        """Return the findings of a number. Raises StoreError if there are none."""
        self._loaded()
        found = self._by_number.get(number)
        if found is None:
            raise StoreError("a line refers to findings that are not kept")
        return found

    def number(self, findings: tuple[Finding, ...]) -> int:
        """Return the number of these findings, keeping them if they are new. To be called inside a transaction."""
        # A rule has few Finding objects, shared by all lines: comparing which they are is far quicker than what they say. The
        # findings are held beside the number, so that no identity in the key can come to mean another object.
        identity = tuple(map(id, findings))
        known = self._by_identity.get(identity)
        if known is None:
            known = self._by_identity[identity] = (self._number_by_value(findings), findings)
        return known[0]

    def _number_by_value(self, findings: tuple[Finding, ...]) -> int:
        by_value = self._loaded()
        number = by_value.get(findings)
        if number is None:
            number = by_value[findings] = len(by_value)
            body = seal(self._box, self._place(number), Findings(findings))
            models.FindingSet.objects.create(submission_id=self._submission, number=number, body=body)
            self._by_number[number] = findings
        return number

    def _loaded(self) -> dict[tuple[Finding, ...], int]:
        """Read all of the submission's findings, once: they are few."""
        if self._by_value is None:
            rows = models.FindingSet.objects.filter(submission_id=self._submission)
            self._by_number = {
                row.number: unseal(self._box, self._place(row.number), Findings, row.body).findings
                for row in rows
            }
            self._by_value = {findings: number for number, findings in self._by_number.items()}
        return self._by_value

    def _place(self, number: int) -> bytes:
        return place("findings", self._submission, number)
