"""A page that forgets itself: open to everybody, it asks for what lines say and writes to the log. Prints what became of each visitor's request.

Run by ``test_who_sees_what.py`` in a process of its own, with the home in ``LAWGATE_HOME``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from lawgate.domain.errors import StoreError
from lawgate.ledger.leaves import heartbeat_leaf
from lawgate.service import open_reader_of
from lawgate.web.desk import gate

GATE = gate()
open_reader_of(Path(os.environ["LAWGATE_HOME"]))

from django.http import HttpResponse  # noqa: E402  after Django's set-up
from django.test import RequestFactory  # noqa: E402

from lawgate.accounts.models import Account  # noqa: E402
from lawgate.domain.steps import SubmissionId  # noqa: E402
from lawgate.web.access import EVERYBODY, page  # noqa: E402


def tried(ask: Any) -> str:
    try:
        ask()
    except StoreError as refused:
        return str(refused)
    return "done"


@page(EVERYBODY)
def forgetful(request: Any, parts: Any) -> HttpResponse:
    number, memory = SubmissionId(sys.argv[1]), GATE.memory
    asks = (
        lambda: memory.lines(number),
        lambda: memory.standing(),
        # On PostgreSQL a copied home is on the same memory: what is appended here, the next to open the home reads.
        lambda: memory.append([heartbeat_leaf(at=GATE.now(), entries=memory.size())]),
    )
    return HttpResponse(json.dumps([tried(ask) for ask in asks]))


for login in sys.argv[2:]:
    request = RequestFactory().get("/")
    request.user, request.session = Account.objects.get(login=login), {}
    print(forgetful(request).content.decode())
