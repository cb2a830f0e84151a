"""The portal of officials who ask: validate, send, follow, take back. What these pages do stands in ``portal.sending`` and ``validate``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from lawgate import pipeline
from lawgate.accounts.models import Account
from lawgate.accounts.roles import Part
from lawgate.adapters.outbox import write_determination
from lawgate.domain.code import code
from lawgate.domain.errors import RequestFaultError
from lawgate.domain.kept import WAITING, Incoming, letters_of
from lawgate.domain.standing import Role
from lawgate.oversight.chart import funnel
from lawgate.oversight.data import BY_A_PERSON, MEANINGS
from lawgate.portal import sending
from lawgate.validate import Validation, validate
from lawgate.web.access import page
from lawgate.web.desk import gate
from lawgate.web.funnel import steps_of
from lawgate.web.taking import ACT, taking
from lawgate.work import advance

OFFICIALS: frozenset[Part] = frozenset({Role.REQUESTING_OFFICIAL})
A_PAGE = 50
MOST_IN_A_FILE = 200_000
"""Lines with something lacking that a validation writes into a file; all are counted."""
WORDS = {letter.value: meaning for letter, meaning in MEANINGS.items()} | {WAITING: "on its way"}


@page(OFFICIALS)
def requests(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """The agency's own submissions, the latest first."""
    found = sending.of_agency(gate(), _account(request).agency)
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    memory = gate().memory
    waiting = memory.on_their_way([one.number for one in shown if one.known])
    rows = [(one, waiting.get(one.number, 0)) for one in shown]
    return render(request, "portal/requests.html", {"rows": rows, "shown": shown})


@taking(OFFICIALS, "portal/too_large.html")
def send(request: HttpRequest, parts: frozenset[Part], incoming: Incoming | None) -> HttpResponse:
    """Take a submission's files, to look at them only or to receive them."""
    follows = request.POST.get("follows", request.GET.get("follows", ""))
    if incoming is None:
        incomplete = request.method == "POST"
        return render(
            request,
            "portal/send.html",
            {"follows": follows, "incomplete": incomplete},
            status=422 if incomplete else 200,
        )
    act = request.POST[ACT]
    if act == "send":
        account = _account(request)
        try:
            number = sending.send(gate(), incoming, account.agency, account.person, follows)
        except RequestFaultError as fault:
            return render(request, "portal/send.html", {"follows": follows, "said": str(fault)}, status=422)
        advance(number)
        return redirect("portal_request", number)
    if act == "validate-file":
        found = validate(gate(), incoming.sent(), MOST_IN_A_FILE)
        return _attached(HttpResponse(_as_csv(found), "text/csv; charset=utf-8"), "validation.csv")
    return render(request, "portal/validation.html", _shown(validate(gate(), incoming.sent())))


@page(OFFICIALS)
def one(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """Where one submission stands."""
    memory, followed = gate().memory, sending.one_of(gate(), number, _account(request).agency)
    known = followed.known
    context: dict[str, object] = {"followed": followed, "known": known}
    if known is not None and known.rejected_code:
        context["rejected"] = code(known.rejected_code)
    elif known is not None:
        letters, codes = memory.letters(known.submission), memory.codes(known.submission)
        steps = steps_of(
            letters, sum(codes.get(c, 0) for c in BY_A_PERSON), memory.acknowledged(known.submission)
        )
        context |= {
            "steps": steps,
            "wide": SafeString(funnel(steps, narrow=False)),
            "narrow": SafeString(funnel(steps, narrow=True)),
            "letters": [(letter, WORDS[letter], n) for letter, n in sorted(letters_of(letters).items())],
            "codes": [(code(c), n) for c, n in codes.items()],
        }
    return render(request, "portal/request.html", context)


@require_POST
@page(OFFICIALS)
def withdraw(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """Take back what is not entered yet."""
    sending.withdraw(gate(), number, _account(request).agency)
    advance(number)
    return redirect("portal_request", number)


@page(OFFICIALS)
def determinations(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """What became of each line, with provision, code and remedy. A looked-up line is ``A``, whatever its answer."""
    known = sending.one_of(gate(), number, _account(request).agency).known
    if known is None or known.rejected_code:
        raise Http404
    shown = Paginator(range(1, known.line_count + 1), A_PAGE).get_page(request.GET.get("page"))
    within = cast(range, shown.object_list)
    rows = pipeline.determined(gate(), known.submission, within)
    return render(
        request,
        "portal/determinations.html",
        {"known": known, "rows": [(row, WORDS[row.disposition]) for row in rows], "shown": shown},
    )


@page(OFFICIALS)
def determination_file(request: HttpRequest, parts: frozenset[Part], number: str, which: str) -> HttpResponse:
    """The whole determination as a file: ``lines`` as JSON lines, ``form`` as the request came, ``layout`` how that is cut."""
    known = sending.one_of(gate(), number, _account(request).agency).known
    if known is None or known.rejected_code:
        raise Http404
    made = pipeline.determination(gate(), known.submission)
    name = {"lines": "determination.jsonl", "layout": "determination.layout.toml"}.get(
        which, f"determination{made.form.ending}"
    )
    with TemporaryDirectory() as folder:
        # Masked as it is outside; the opened file outlives its name.
        write_determination(Path(folder), made)
        path = Path(folder) / name
        if not path.is_file():
            raise Http404
        return _attached(FileResponse(path.open("rb"), content_type="application/octet-stream"), name)


def _shown(found: Validation) -> dict[str, object]:
    return {
        "found": found,
        "rejected": code(found.rejected) if found.rejected else None,
        "letters": [(letter, WORDS[letter], n) for letter, n in found.letters.items()],
        "codes": [(code(c), n) for c, n in found.codes.items()],
        "lacking": [
            (
                line,
                [
                    (code(c), citation or code(c).citation, line.columns.get(c, ""))
                    for c, citation in line.codes.items()
                ],
            )
            for line in found.lacking[:A_PAGE]
        ],
        "most": A_PAGE,
    }


def _as_csv(found: Validation) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("line", "request_key", "disposition", "code", "column", "citation", "sentence", "remedy"))
    table.writerows(_csv_rows(found))
    return out.getvalue()


def _csv_rows(found: Validation) -> Iterator[tuple[object, ...]]:
    if found.rejected:
        why = code(found.rejected)
        yield "", "", "rejected", why.code, "", why.citation, why.sentence, why.remedy
    for line in found.lacking:
        for c, citation in line.codes.items():
            why = code(c)
            # A cell that begins as a formula would be one to a spreadsheet.
            key = (
                f"'{line.request_key}"
                if line.request_key[:1] in ("=", "+", "-", "@", "\t")
                else line.request_key
            )
            yield (
                line.ordinal, key, line.disposition.value, c, line.columns.get(c, ""), citation or why.citation,
                why.sentence, why.remedy,
            )  # fmt: skip


def _attached(response: HttpResponse | FileResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, response)


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)
