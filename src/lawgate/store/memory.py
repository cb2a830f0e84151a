"""The relational memory: ``domain.kept.Memory`` on Django's tables, one subject a file. Import it after ``django.setup()``."""

from __future__ import annotations

from lawgate.domain.kept import Memory
from lawgate.store.answers import AnswerPart
from lawgate.store.counting import CountPart
from lawgate.store.decisions import DecisionPart
from lawgate.store.documents import DocumentPart
from lawgate.store.log import LogPart
from lawgate.store.past import PastPart
from lawgate.store.register import RegisterPart
from lawgate.store.statements import StatementPart
from lawgate.store.stops import StopPart
from lawgate.store.submissions import SubmissionPart
from lawgate.store.traces import TracePart
from lawgate.store.vault import Vault


class DjangoMemory(
    RegisterPart,
    StopPart,
    DocumentPart,
    SubmissionPart,
    TracePart,
    DecisionPart,
    AnswerPart,
    StatementPart,
    PastPart,
    LogPart,
    CountPart,
):
    """Keeps everything in the database that ``open_database`` opened, personal data sealed by the vault."""


def memory_on(vault: Vault) -> Memory:
    """Return the memory; the type checker sees here that every promise has its method."""
    return DjangoMemory(vault)
