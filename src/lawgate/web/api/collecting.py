"""What engaged officers' machines do: collect what is sealed to them, acknowledge, certify destruction, state what became of it. Signed by the officer, a call is the
one-time link: it is let in once, and nobody else can make it."""
# No postponed annotations here, as in ``asking``.

from typing import Annotated, Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lawgate.accounts.models import Account
from lawgate.domain.standing import Role
from lawgate.domain.steps import SubmissionId
from lawgate.portal import delivery
from lawgate.web.api.asking import Key, Number
from lawgate.web.api.door import absent, caller, once
from lawgate.web.api.said import NUMBER, Said, moment
from lawgate.web.desk import gate

OFFICERS = frozenset({Role.ENGAGED_OFFICER})
MOST = 256 << 10  # signs of one signed document

router = Router(tags=["officers"])


class Delivered(Said):
    """One submission's answers that are sealed to the caller: how many are logged, have left, and were acknowledged."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"submission": NUMBER, "logged": 20, "left": 12, "acknowledged": 11, "oldest": "2026-03-02T09:30:00Z"}
            ]
        }
    )  # fmt: skip
    submission: str
    logged: int
    left: int
    acknowledged: int
    oldest: str | None = Field(
        None,
        json_schema_extra={"format": "date-time"},
        description="when the first of those left that are not acknowledged",
    )


class Called(Said):
    """An answer called back; the officer's tool certifies that it is destroyed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answer": "0" * 32, "due": "2026-04-01", "overdue": False}]}
    )
    answer: str
    due: str = Field(json_schema_extra={"format": "date"})
    overdue: bool


class Due(Said):
    """An answer of which the caller owes a statement, by the agreement under which it left."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answer": "0" * 32, "due": "2026-06-01", "overdue": False}]}
    )
    answer: str
    due: str = Field(json_schema_extra={"format": "date"})
    overdue: bool


class Deliveries(Said):
    """What is sealed to the caller, and what the caller owes: acknowledgements that are overdue, answers called back, and statements, of
    which the first fifty due are named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"deliveries": [], "unacknowledged": 0, "recalls": [], "statements": []}]
        }
    )
    deliveries: list[Delivered]
    unacknowledged: int
    recalls: list[Called]
    statements: list[Due]


class Documents(Said):
    """Acknowledgements, certificates of destruction and statements as the officer's tool wrote them, byte for byte."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"documents": ['{"payload":"…"}']}]})
    documents: list[Annotated[str, Field(max_length=MOST)]] = Field(
        min_length=1, max_length=delivery.MOST_DOCUMENTS
    )


class Entered(Said):
    """How many documents of each kind were entered in the log."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"acknowledgements": 12, "certificates": 0, "statements": 0}]}
    )
    acknowledgements: int
    certificates: int
    statements: int


@router.get("/packages", response=Deliveries, exclude_none=True, summary="Packages")
def packages(request: HttpRequest) -> Any:
    """What is sealed to the caller, submission by submission, and what the caller owes."""
    officer, opened = _officer(request), gate()
    owed = delivery.duties(opened, officer)
    return Deliveries(
        deliveries=[
            Delivered(
                submission=d.submission,
                logged=d.logged,
                left=d.left,
                acknowledged=d.acknowledged,
                oldest=None if d.oldest is None else moment(d.oldest),
            )
            for d in delivery.deliveries(opened, officer)
        ],
        unacknowledged=owed.unacknowledged,
        recalls=[Called(answer=r.answer, due=r.due, overdue=r in owed.overdue) for r in owed.recalls],
        statements=[
            Due(answer=a.answer, due=a.owed.isoformat(), overdue=a.owed < owed.today)
            for a in owed.owed
            if a.owed is not None
        ],
    )


PACKAGES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "One zip file with a folder of four files for each answer, and kept-back.json: how many answers stay, by code",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.post("/packages/{number}", openapi_extra=PACKAGES, summary="Collect")
def collect(request: HttpRequest, number: Number) -> HttpResponse:
    """Seal to the caller what of a submission may leave at this moment, and hand it over. Asking again gives the same answers again."""
    officer, opened = _officer(request), gate()
    if number not in {each.submission for each in delivery.deliveries(opened, officer)}:
        raise absent()
    handed = delivery.packages(opened, officer, SubmissionId(number))
    return cast(HttpResponse, StreamingHttpResponse(handed, "application/zip"))


@router.post("/documents", response={200: Entered}, summary="Acknowledge, certify, state")
@once
def documents(request: HttpRequest, said: Documents, idempotency_key: Key = None) -> tuple[int, BaseModel]:
    """Enter acknowledgements, certificates of destruction and statements. Acknowledgements are entered all or none, and so are statements;
    the same again changes nothing."""
    _officer(request)
    entered = delivery.enter_documents(gate(), [each.encode() for each in said.documents])
    return 200, Entered(**entered)


def _officer(request: HttpRequest) -> Account:
    """The caller as the portal's functions know officers; they look at person and agency alone, and nothing is kept of it."""
    who = caller(request, OFFICERS)
    return Account(person=who.person, agency=who.agency)
