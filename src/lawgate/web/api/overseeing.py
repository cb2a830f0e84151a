"""What overseers' machines may do: read counts, the funnel, the year's report, stops, recalls and incidents, and the log itself. Nothing personal is in any of it."""
# No postponed annotations here, as in ``asking``.

import hashlib
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import ConfigDict, Field

from lawgate import called_back, incident
from lawgate.accounts.roles import HOLDERS
from lawgate.domain.errors import LedgerError
from lawgate.domain.kept import SubmissionSummary
from lawgate.domain.steps import SubmissionId
from lawgate.domain.stop import StopScope
from lawgate.oversight.data import BY_A_PERSON
from lawgate.oversight.survey import annual_of_home
from lawgate.web.access import SEES_COUNTS, SEES_LOG, way_of
from lawgate.web.api.asking import Number
from lawgate.web.api.door import absent, caller
from lawgate.web.api.said import STATUS, Said, Status, cursor_of, moment, place_of, status_of
from lawgate.web.desk import gate
from lawgate.web.funnel import steps_of

MOST = 100

router = Router(tags=["overseers"])
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str, Query(max_length=40)]


class Submissions(Said):
    """A page of submissions, the oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"submissions": [STATUS], "next": "MTAw"}]})
    submissions: list[Status]
    next: str | None = Field(None, description="the cursor of the next page; absent on the last")


class Step(Said):
    """One of the nine steps: how many lines came to it, and how many ended or wait there, by why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"number": 4, "word": "decide", "sentence": "a named officer answers what only people may", "lines": 28, "ended": {"wait": 8}}
            ]
        }
    )  # fmt: skip
    number: int
    word: str
    sentence: str
    lines: int
    ended: dict[str, int]


class Funnel(Said):
    """One submission's way through the nine steps."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": STATUS,
                    "steps": [
                        {"number": 9, "word": "account", "sentence": "acknowledged by the officer's tool", "lines": 20, "ended": {}}
                    ],
                }
            ]
        }
    )  # fmt: skip
    status: Status
    steps: list[Step]


class AgencyYear(Said):
    """One agency's line of the annual report."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "agency": "justice-fraud", "requests": 40, "disclosures": 11, "taxpayers": 11, "telling_nothing": 9,
                    "authorities": ["26 U.S.C. 6103(i)(2)"], "purposes": {"criminal-investigation": 20},
                }
            ]
        }
    )  # fmt: skip
    agency: str
    requests: int
    disclosures: int
    taxpayers: int
    telling_nothing: int
    authorities: list[str]
    purposes: dict[str, int]


class Annual(Said):
    """The counts of 26 U.S.C. 6103(p)(3)(C) for one calendar year, from the accounting rows."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "year": 2026, "agencies": [], "requests": 0, "disclosures": 0, "taxpayers": 0, "telling_nothing": 0, "not_accounted": 0,
                    "note": "A request is one request line, whatever became of it.",
                }
            ]
        }
    )  # fmt: skip
    year: int
    agencies: list[AgencyYear]
    requests: int
    disclosures: int
    taxpayers: int
    telling_nothing: int
    not_accounted: int
    note: str


class StopSaid(Said):
    """A stop; whom one on a person names is not said."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "stop": "stop-1", "scope": "agency", "subject": "justice-fraud", "authority": "No. 26-1",
                    "received_at": "2026-03-02T09:30:00Z",
                }
            ]
        }
    )  # fmt: skip
    stop: str
    scope: str
    subject: str | None = None
    authority: str | None = Field(
        None, description="for the record holder's own people: it may name somebody"
    )
    received_at: str = Field(json_schema_extra={"format": "date-time"})
    lifted_at: str | None = Field(None, json_schema_extra={"format": "date-time"})


class Stops(Said):
    """Every stop, lifted ones included, the oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"stops": []}]})
    stops: list[StopSaid]


class RecallSaid(Said):
    """An answer called back; ``destroyed`` is the minute in which its recipient's certificate was logged."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answer": "0" * 32, "due": "2026-04-01", "overdue": False}]}
    )
    answer: str
    due: str = Field(json_schema_extra={"format": "date"})
    destroyed: str | None = None
    overdue: bool


class Recalls(Said):
    """Recalls, the oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recalls": []}]})
    recalls: list[RecallSaid]


class IncidentSaid(Said):
    """Something that went wrong; ``closed`` is absent while it is open."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"incident": "0" * 32, "kind": "no-quorum", "opened": "2026-03-02T09:30Z"}]
        }
    )
    incident: str
    kind: str
    opened: str
    closed: str | None = None


class Incidents(Said):
    """Every incident, closed ones included, the oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"incidents": []}]})
    incidents: list[IncidentSaid]


@router.get("/oversight/submissions", response=Submissions, exclude_none=True, summary="Submissions")
def submissions(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> Any:
    """All submissions of all agencies by counts and codes, rejected ones included."""
    opened, after = gate(), place_of(cursor)
    with way_of(caller(request, SEES_COUNTS).parts):
        known = opened.memory.summaries()
        shown = known[after : after + limit]
        more = after + limit < len(known)
        return Submissions(
            submissions=[status_of(opened, each) for each in shown],
            next=cursor_of(after + limit) if more else None,
        )


@router.get("/oversight/submissions/{number}", response=Funnel, exclude_none=True, summary="Funnel")
def funnel(request: HttpRequest, number: Number) -> Any:
    """One submission by the nine steps: how many lines came to each, and how many ended or wait there."""
    opened = gate()
    memory = opened.memory
    with way_of(caller(request, SEES_COUNTS).parts):
        known: SubmissionSummary | None = memory.summary(SubmissionId(number))
        if known is None:
            raise absent()
        codes = memory.codes(known.submission)
        steps = steps_of(
            memory.letters(known.submission),
            sum(codes.get(c, 0) for c in BY_A_PERSON),
            memory.acknowledged(known.submission),
        )
        return Funnel(
            status=status_of(opened, known),
            steps=[
                Step(number=s.number, word=s.word, sentence=s.sentence, lines=s.lines, ended=dict(s.ended))
                for s in steps
            ],
        )


@router.get("/oversight/annual/{year}", response=Annual, summary="Annual report")
def annual(request: HttpRequest, year: Annotated[int, Path(ge=2000, le=9999)]) -> Any:
    """The counts of 26 U.S.C. 6103(p)(3)(C), from the accounting rows. The rows themselves are their subjects' and the record holder's."""
    caller(request, SEES_COUNTS)
    # The one report for overseers that is made of sealed rows: it reads them the other way, and gives counts.
    found = annual_of_home(gate(), year)
    return Annual(
        year=found.year,
        agencies=[
            AgencyYear(
                agency=a.agency,
                requests=a.requests,
                disclosures=a.disclosures,
                taxpayers=a.taxpayers,
                telling_nothing=a.telling_nothing,
                authorities=list(a.authorities),
                purposes=dict(a.purposes),
            )
            for a in found.agencies
        ],
        requests=found.requests,
        disclosures=found.disclosures,
        taxpayers=found.taxpayers,
        telling_nothing=found.telling_nothing,
        not_accounted=found.not_accounted,
        note=found.note,
    )


@router.get("/oversight/stops", response=Stops, exclude_none=True, summary="Stops")
def stops(request: HttpRequest) -> Any:
    """Every stop, lifted ones included."""
    parts = caller(request, SEES_COUNTS).parts
    memory, sees_authority = gate().memory, bool(parts & HOLDERS)
    with way_of(parts):
        found = memory.stops() if sees_authority else memory.clear_stops()
    return Stops(
        stops=[
            StopSaid(
                stop=stop.id,
                scope=stop.scope.value,
                subject=None if stop.scope is StopScope.PERSON else stop.subject or None,
                authority=stop.authority or None,
                received_at=moment(stop.received_at),
                lifted_at=None if stop.lifted_at is None else moment(stop.lifted_at),
            )
            for stop in found
        ]
    )


@router.get("/oversight/recalls", response=Recalls, exclude_none=True, summary="Recalls")
def recalls(request: HttpRequest) -> Any:
    """Every answer that was called back, and whether its day has passed without a certificate of destruction."""
    opened = gate()
    with way_of(caller(request, SEES_COUNTS).parts):
        late = {each.answer for each in called_back.overdue(opened)}
        found = called_back.recalls(opened)
    return Recalls(
        recalls=[
            RecallSaid(
                answer=each.answer,
                due=each.due,
                destroyed=each.destroyed or None,
                overdue=each.answer in late,
            )
            for each in found
        ]
    )


@router.get("/oversight/incidents", response=Incidents, exclude_none=True, summary="Incidents")
def incidents(request: HttpRequest) -> Any:
    """Every incident, closed ones included."""
    with way_of(caller(request, SEES_COUNTS).parts):
        found = incident.incidents(gate())
    return Incidents(
        incidents=[
            IncidentSaid(incident=i.id, kind=i.kind, opened=i.opened, closed=i.closed or None) for i in found
        ]
    )


FILE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file, byte for byte",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/oversight/log/{path:path}", openapi_extra=FILE, summary="A file of the log")
def log_file(
    request: HttpRequest,
    path: Annotated[
        str,
        Path(
            pattern=r"^(checkpoint|tile/[0-9a-z/.]+)$",
            description="as C2SP tlog-tiles names it: `checkpoint`, `tile/0/000`, `tile/entries/000.p/7`",
        ),
    ],
) -> Any:
    """A checkpoint, tile or bundle of this year's log, as anybody may mirror it. It holds commitments and counts, and nothing personal."""
    caller(request, SEES_LOG)
    try:
        found = gate().tiles.read(path)
    except LedgerError:
        found = None
    if found is None:
        raise absent()
    response = HttpResponse(found, "application/octet-stream")
    response.headers["ETag"] = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    return response
