"""Every refusal of the API as RFC 9457 has it, with our codes: what is wrong, on what authority, what helps. Never a person's data."""

from __future__ import annotations

import json
import logging

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from lawgate.domain.code import code
from lawgate.domain.errors import (
    LawgateError,
    NotPermittedError,
    QuorumError,
    RequestFaultError,
    StoreAwayError,
)

PROBLEM = "application/problem+json"
NO_QUORUM, FAILED, FORM, ABSENT, NOT_ALLOWED, TOO_MANY = "903", "908", "514", "513", "512", "906"
_STATUS = {
    "506": 401, "509": 401, "510": 401, "511": 401, NOT_ALLOWED: 403, ABSENT: 404, FORM: 422, TOO_MANY: 429, "907": 422,
    NO_QUORUM: 503, FAILED: 500,
}  # fmt: skip
_WAIT = {TOO_MANY: 60, NO_QUORUM: 60}
"""Seconds after which a call that was refused so may help."""
_log = logging.getLogger(__name__)


class CallRefusedError(Exception):
    """A call is refused with one of our codes; ``detail`` says what was found, without data; ``status`` where it is not the code's own."""

    def __init__(self, number: str, detail: str = "", status: int | None = None) -> None:
        self.number = number
        self.detail = detail
        self.status = status
        super().__init__(number)


def problem(number: str, detail: str = "", status: int | None = None) -> HttpResponse:
    """Set out a code as a problem. Its address is a name, not a page: the code's entry of ``docs/codes.md``."""
    known = code(number)
    status = status or _STATUS.get(number, 422)
    body = {
        "type": f"urn:lawgate:code:{number}",
        "title": known.sentence,
        "status": status,
        "detail": detail or known.sentence,
        "code": number,
        "citation": known.citation,
        "remedy": known.remedy,
        "retriable": known.retriable,
    }
    response = HttpResponse(json.dumps(body), PROBLEM, status)
    if number in _WAIT:
        response.headers["Retry-After"] = str(_WAIT[number])
    if status == 401:
        response.headers["WWW-Authenticate"] = "Signature"
    return response


def of_exception(request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
    """Turn whatever kept a call from being answered into a problem; of an unknown exception only kind and place are logged."""
    if isinstance(fault, CallRefusedError):
        return problem(fault.number, fault.detail, fault.status)
    if isinstance(fault, ValidationError):
        return problem(FORM, "; ".join(sorted({_where(error) for error in fault.errors})))
    if isinstance(fault, HttpError):
        return problem(FORM, fault.message, fault.status_code)
    if isinstance(fault, RequestFaultError):
        return problem(fault.code, str(fault), 422)
    if isinstance(fault, NotPermittedError):
        return problem(NOT_ALLOWED, str(fault))
    if isinstance(fault, QuorumError):
        return problem(NO_QUORUM)
    if isinstance(fault, LawgateError):
        return problem(FAILED, str(fault), 503 if isinstance(fault, StoreAwayError) else None)
    _log.error("a call failed", exc_info=fault if isinstance(fault, Exception) else None)
    return problem(FAILED)


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for every address below the API's that is none of its own."""
    return problem(ABSENT)


def _where(error: dict[str, object]) -> str:
    """Say which parameter is wrong and how; what it was is not repeated."""
    place = error.get("loc")
    path = ".".join(str(part) for part in place) if isinstance(place, (list, tuple)) else "the call"
    return f"{path}: {error.get('type')}"
