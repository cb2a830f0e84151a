"""Who may sit at which desk: the role, not of the requesting side, and no script outside the rehearsal (I-8)."""

from __future__ import annotations

from collections.abc import Collection

from lawgate.domain.errors import NotPermittedError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import Cover, SignedDecision


def require_person(
    signed: SignedDecision,
    key: EnrolledKey,
    roles: Collection[Role],
    cover: Cover,
    *,
    scripted_allowed: bool,
) -> None:
    """Pass if the holder of ``key``, who signed, may do what ``roles`` are for on this submission.

    Raises NotPermittedError for a key of another role or person, a script's key outside the rehearsal, the requesting
    official, or anybody of the requesting agency.
    """
    if (signed.keyid, signed.person) != (key.keyid, key.person):
        raise NotPermittedError("the document was signed with another key")
    if key.role not in roles:
        raise NotPermittedError(f"a key of role {key.role.value} may not do this")
    if key.scripted and not scripted_allowed:
        raise NotPermittedError("a script may not do this outside the rehearsal")
    if key.person == cover.holder or key.keyid == cover.signer_keyid:
        raise NotPermittedError("the requesting official may not do this")
    if key.agency == cover.agency:
        raise NotPermittedError("nobody of the requesting agency may do this")
