"""What requesters' machines may do: submit, validate, follow. An agency sees its own submissions; nothing is looked up by name."""
# No postponed annotations here: ninja would look for them where ``once`` is defined.

import hashlib
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router
from pydantic import BaseModel

from lawgate import pipeline
from lawgate.adapters.submission_files import hashed, open_sent_zip, zip_as_sent
from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import Role
from lawgate.domain.steps import SubmissionId
from lawgate.portal import sending
from lawgate.portal.sending import Followed
from lawgate.validate import Validation, validate
from lawgate.web.api.door import KEY_HEADER, LONGEST_KEY, SignedCall, absent, caller, content, once
from lawgate.web.api.problem import ABSENT, CallRefusedError
from lawgate.web.api.said import (
    Determinations,
    Status,
    Validated,
    cursor_of,
    determined,
    followed,
    place_of,
    validated,
)
from lawgate.web.desk import gate
from lawgate.work import advance

ASKS = frozenset({Role.REQUESTING_OFFICIAL})
WAIT, SOON = 60, 2  # seconds: lines wait for people, files for a worker
MOST_LINES = 1000

Number = Annotated[
    str, Path(pattern=r"^[0-9A-HJKMNP-TV-Z]{16}$", description="the submission's confirmation number")
]
Key = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[\x21-\x7e]+$",
        description="the same call again with it gets the same reply, for a day; it must be signed",
    ),
]
ZIP: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "cover.json, attestations.jsonl and the line file, as `lawgate submission new` writes them, in one zip file",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}
router = Router(tags=["requesters"])


@router.post(
    "/validations",
    response=Validated,
    auth=SignedCall(streams=True),
    openapi_extra=ZIP,
    exclude_none=True,
    summary="Validate a submission",
)
def validate_only(request: HttpRequest) -> Any:
    """Say what would become of a submission at the door: form, signatures, every element of the statute. Keeps nothing and touches no record."""
    caller(request, ASKS)
    with content(request) as file:
        try:
            found = validate(gate(), hashed(open_sent_zip(file, settings.SUBMISSION_LIMIT)))
        except MalformedRequestError as fault:
            found = Validation(SubmissionId(""), fault.code, str(fault))
    return validated(found)


@router.post(
    "/submissions",
    response={202: Status},
    auth=SignedCall(streams=True),
    openapi_extra=ZIP,
    exclude_none=True,
    summary="Submit",
)
@once
def submit(
    request: HttpRequest,
    idempotency_key: Key = None,
    follows: Annotated[
        str,
        Query(pattern=r"^([0-9A-HJKMNP-TV-Z]{16})?$", description="the submission that this one corrects"),
    ] = "",
) -> tuple[int, BaseModel]:
    """Keep a submission for a worker, which receives, checks and guards it. The same bytes again change nothing and get the same confirmation
    number; what cannot be read is kept too, and rejected."""
    who = caller(request, ASKS)
    opened = gate()
    with content(request) as file, opened.originals.incoming() as incoming:
        for name, pieces in zip_as_sent(file, settings.SUBMISSION_LIMIT).items():
            incoming.begin(name)
            for piece in (pieces,) if isinstance(pieces, bytes) else pieces:
                incoming.write(piece)
        number = sending.send(opened, incoming, who.agency, who.person, follows)
    advance(number)
    return 202, followed(opened, sending.one_of(opened, number, who.agency), who.agency)


@router.post(
    "/submissions/{number}/withdrawal", response={202: Status}, exclude_none=True, summary="Withdraw"
)
@once
def withdraw(request: HttpRequest, number: Number, idempotency_key: Key = None) -> tuple[int, BaseModel]:
    """Take back a submission that is not received yet. Afterwards it is accounted for, and cannot be."""
    own(request, number)
    who = caller(request, ASKS)
    sending.withdraw(gate(), number, who.agency)
    advance(number)
    return 202, followed(gate(), own(request, number), who.agency)


@router.get("/submissions/{number}", response={200: Status, 304: None}, exclude_none=True, summary="Status")
def status(
    request: HttpRequest,
    response: HttpResponse,
    number: Number,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Any:
    """Where a submission stands, by letters and codes. While anything waits, Retry-After says when to ask again; ETag tells whether anything changed."""
    said = followed(gate(), own(request, number), caller(request, ASKS).agency)
    tag = f'"{hashlib.sha256(said.model_dump_json().encode()).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    if not said.settled:
        response.headers["Retry-After"] = str(SOON if said.state == "sent" else WAIT)
    return (304, None) if if_none_match == tag else (200, said)


@router.get(
    "/submissions/{number}/determinations",
    response=Determinations,
    exclude_none=True,
    summary="Determinations",
)
def determinations(
    request: HttpRequest,
    number: Number,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 100,
    cursor: Annotated[str, Query(max_length=40)] = "",
) -> Any:
    """One line out for every line in, in order: letter, codes, citations, remedies."""
    known = own(request, number).known
    if known is None:
        raise CallRefusedError(ABSENT, "it is not received yet; its status says when to ask again")
    if known.rejected_code:
        return Determinations(lines=[], next=None)
    after = place_of(cursor)
    found = pipeline.determined(gate(), SubmissionId(known.submission), range(after + 1, after + 1 + limit))
    last = found[-1].ordinal if found else known.line_count
    return Determinations(lines=determined(found), next=cursor_of(last) if last < known.line_count else None)


def own(request: HttpRequest, number: str) -> Followed:
    """Find a submission of the caller's own agency. Another's looks like none. Raises CallRefusedError."""
    who = caller(request, ASKS)
    try:
        return sending.one_of(gate(), number, who.agency)
    except NotPermittedError:
        raise absent() from None
