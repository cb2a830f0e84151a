"""Documents by which the register gets less: an entry ends, a key is revoked. What they must say, held against who signed; nothing is added this way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.domain.steps import Json, day_of

ENDED = ("agency", "office", "agreement", "safeguard")
_ENDING = {"type", "act", "kind", "agency", "name", "until", "authority", "made"}
_REVOKING = {"type", "act", "keyid", "authority", "made"}


@dataclass(frozen=True, slots=True)
class Ending:
    """What of an agency ends on a day: a kind of entry; ``name`` narrows to an agreement's id or an office's person."""

    kind: str
    agency: str
    name: str
    until: date


def ending(payload: Mapping[str, Json], signer: EnrolledKey, holder: str, now: datetime) -> Ending:
    """Return what a verified document (``standing``, act "end") ends.

    Raises NotPermittedError unless counsel of the holder signed, or for a day that is over: what was in force then stays so.
    MalformedRequestError for a document of another form.
    """
    said = _texts(payload, _ENDING, "end")
    if signer.role is not Role.COUNSEL or signer.agency != holder:
        raise NotPermittedError(
            "only the holder's counsel ends an entry of the register by a signed document"
        )
    if said["kind"] not in ENDED or not said["agency"].strip() or not said["authority"].strip():
        raise MalformedRequestError("112", "the document does not say what ends, and on whose authority")
    try:
        until = date.fromisoformat(said["until"])
    except ValueError:
        raise MalformedRequestError("112", "the document's day is not written YYYY-MM-DD") from None
    if until < day_of(now):
        raise NotPermittedError("an entry ends today or later, never in the past")
    return Ending(said["kind"], said["agency"], said["name"], until)


def revoked(payload: Mapping[str, Json], signer: EnrolledKey, holder: str, standing: Standing) -> str:
    """Return the id of the key that a verified document (``key``, act "revoke") revokes.

    Raises NotPermittedError unless counsel of the holder signed, or the key's own person with any key of theirs; or for a key that is not
    there. MalformedRequestError for a document of another form.
    """
    said = _texts(payload, _REVOKING, "revoke")
    if not said["authority"].strip():
        raise MalformedRequestError("112", "the document does not say why the key is revoked")
    key = standing.key(said["keyid"])
    if key is None:
        raise NotPermittedError("no key of that id is enrolled")
    counsel = signer.role is Role.COUNSEL and signer.agency == holder
    if not counsel and (signer.person, signer.agency) != (key.person, key.agency):
        raise NotPermittedError("a key is revoked by its own holder, or by the holder's counsel")
    return key.keyid


def _texts(payload: Mapping[str, Json], members: set[str], act: str) -> dict[str, str]:
    said = {name: value for name, value in payload.items() if isinstance(value, str)}
    if set(payload) != members or set(said) != members or said["act"] != act:
        raise MalformedRequestError("112", "the document does not have exactly its members")
    return said
