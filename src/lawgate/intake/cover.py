"""Reads the signed cover request into its typed form, and says whether its signer may make it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lawgate.domain.errors import MalformedRequestError, NotAuthenticatedError
from lawgate.domain.standing import Role
from lawgate.domain.steps import Cover, Json
from lawgate.evidence.envelope import Signed
from lawgate.intake.fields import is_column
from lawgate.intake.layout import MAX_LAYOUT

MOMENT = "%Y-%m-%dT%H:%M:%SZ"

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Moment = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
]
Text = Annotated[str, StringConstraints(max_length=4000)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class LineFile(_Strict):
    """The line file the official signs for."""

    name: Text
    sha256: Digest
    count: Annotated[int, Field(ge=0)]


class Certification(_Strict):
    """What the official certifies the answers will be used for; whether it suffices is a rule's question (507)."""

    use: Text = ""


class CoverDocument(_Strict):
    """The payload of ``cover.json``, member by member."""

    type: Literal["lawgate/cover/v1"]
    nonce: Nonce
    created: Moment
    agency: Text
    office: Text
    holder: Text
    delegation: Text
    pack: Text
    agreement: Text
    line_file: LineFile
    attestations_sha256: Digest
    columns: dict[Text, Text]
    layout: Annotated[str, StringConstraints(max_length=MAX_LAYOUT)] = ""
    certification: Certification = Certification()


def read_document(payload: dict[str, Json]) -> CoverDocument:
    """Type a cover's payload. Raises MalformedRequestError ("102") naming the members that are wrong, never their values."""
    try:
        document = CoverDocument.model_validate(payload)
        datetime.strptime(document.created, MOMENT).replace(tzinfo=UTC)
    except ValidationError as error:
        raise MalformedRequestError("102", f"wrong in the cover request: {_members(error)}") from None
    except ValueError:
        raise MalformedRequestError("102", "wrong in the cover request: created") from None
    columns = document.columns
    if not all(map(is_column, columns)) or len(set(columns.values())) != len(columns):
        raise MalformedRequestError("102", "wrong in the cover request: columns")
    return document


def read_cover(signed: Signed) -> Cover:
    """Make the cover of an opened envelope.

    Raises MalformedRequestError ("102") as ``read_document`` does, and NotAuthenticatedError ("501") if the signer is not the
    requesting official whom the cover names as holder, of the agency it names (6103(i)(2)(A): the office-holder asks in person).
    """
    document = read_document(signed.payload)
    key = signed.key
    if key.role is not Role.REQUESTING_OFFICIAL:
        raise NotAuthenticatedError("501", "the signing key is not a requesting official's")
    if (key.agency, key.person) != (document.agency, document.holder):
        raise NotAuthenticatedError("501", "the signing key is not that of the agency and holder named")
    return _cover(document, signed)


def _cover(document: CoverDocument, signed: Signed) -> Cover:
    return Cover(
        nonce=document.nonce,
        created=datetime.strptime(document.created, MOMENT).replace(tzinfo=UTC),
        agency=document.agency,
        office=document.office,
        holder=document.holder,
        delegation=document.delegation or None,
        pack=document.pack,
        agreement=document.agreement,
        file_name=document.line_file.name,
        file_sha256=document.line_file.sha256,
        attestations_sha256=document.attestations_sha256,
        line_count=document.line_file.count,
        columns=dict(document.columns),
        certified_use=document.certification.use,
        signer_keyid=signed.key.keyid,
        envelope_sha256=signed.sha256,
        layout=document.layout,
    )


def _members(error: ValidationError) -> str:
    """Name the members at fault; one that the format does not know may be anything, so it is not repeated."""
    known = CoverDocument.model_fields
    names = {str(detail["loc"][0]) for detail in error.errors(include_input=False, include_url=False)}
    return ", ".join(sorted({name if name in known else "(a member not known)" for name in names}))
