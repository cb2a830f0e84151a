"""What makes a step unable to proceed. Refusal, doubt and ambiguity are values, never one of these.

::

    LawgateError
    ├── RequestFaultError          theirs: what we were given cannot be used
    │   ├── MalformedRequestError
    │   └── NotAuthenticatedError
    ├── NotPermittedError          theirs or ours: this person may not do this now
    ├── StatuteError               the pack's
    ├── SettingsError              the operator's
    ├── RecordEngineError          ours
    ├── StoreError                 ours
    │   └── StoreAwayError         the database server's: try again later
    ├── KeyStoreError              the token's: its wrapping key cannot be used; try again when that is mended
    ├── LedgerError                ours, fatal: stop, re-load, never retry blindly
    ├── QuorumError                the witnesses': try again later
    └── SealerAwayError            the sealer's: try again later

Constructors take a code, positions and counts, never a person's data.
"""

from __future__ import annotations


class LawgateError(Exception):
    """Root of every error of ours; ``exit_code`` is what the command line ends with (design section 6)."""

    exit_code = 1


class RequestFaultError(LawgateError):
    """What the requester gave cannot be used; ``code`` is of family 1xx or 5xx."""

    exit_code = 4

    def __init__(
        self, code: str, message: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        self.code = code
        self.line = line
        self.column = column
        where = (
            "" if line is None else f"line {line}" + ("" if column is None else f", column {column}") + ": "
        )
        super().__init__(f"{where}{message} [{code}]")


class MalformedRequestError(RequestFaultError):
    """Bytes that do not have the form the format document gives."""


class NotAuthenticatedError(RequestFaultError):
    """A signature that is missing, wrong, or by a key that is not enrolled for this."""


class NotPermittedError(LawgateError):
    """The person, or the order of the steps, does not allow this now."""

    exit_code = 2


class StatuteError(LawgateError):
    """A pack contradicts itself or the words it was written from."""

    exit_code = 7


class SettingsError(LawgateError):
    """The configuration lacks something that protects somebody, or names something that is not there."""

    exit_code = 2


class RecordEngineError(LawgateError):
    """The index of records cannot be opened or trusted."""


class StoreError(LawgateError):
    """The relational memory cannot be opened or trusted."""


class StoreAwayError(StoreError):
    """The database does not answer, or ended the connection. What was asked may have been done or not; asking again does it once."""

    exit_code = 75


class KeyStoreError(LawgateError):
    """The key that wraps data keys cannot be used now; nothing is read, written or released until it can, and nothing is lost."""

    exit_code = 75


class LedgerError(LawgateError):
    """The log's state is not what this process believed: stop and re-load, nothing is released."""

    exit_code = 6


class QuorumError(LawgateError):
    """Too few witnesses cosigned; nothing is released until they do."""

    exit_code = 75


class SealerAwayError(LawgateError):
    """The sealer cannot be reached, or ended before it answered; nothing is released until it does."""

    exit_code = 75
