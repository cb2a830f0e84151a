"""Files that a browser sends go, piece by piece, sealed into the home; nothing of them lies in clear on a disk or whole in memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from lawgate.accounts.roles import Part
from lawgate.domain.kept import Incoming
from lawgate.intake.parts import ATTESTATIONS, COVER
from lawgate.web.access import page
from lawgate.web.desk import gate

COVER_FIELD, ATTESTATIONS_FIELD, LINES_FIELD = "cover", "attestations", "lines"
FIELDS = (COVER_FIELD, ATTESTATIONS_FIELD, LINES_FIELD)
"""The three files of a submission, as the form names them."""
ACT = "act"
"""What the button that was pressed says. It stands last in the form: a form without it was cut short."""
PIECE = 1 << 20
MOST_SMALL = 4 << 20
"""Bytes: a signed document has a kilobyte or some hundred."""

Taking = Callable[..., HttpResponse]


class SmallFiles(MemoryFileUploadHandler):
    """What every other page has: signed documents, in memory; more than ``MOST_SMALL`` bytes of one request are not read."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Keep everything in memory: there is no other handler, and nothing is put on a disk."""
        self.activated = True
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a piece."""
        self._taken += len(raw_data)
        if self._taken > MOST_SMALL:
            raise StopUpload(connection_reset=True)
        return super().receive_data_chunk(raw_data, start)


class SealedFiles(FileUploadHandler):
    """Seals the three files of a submission while they come; ends the upload where they are more than ``most`` bytes together."""

    chunk_size = PIECE

    def __init__(self, incoming: Incoming, most: int) -> None:
        super().__init__()
        self._incoming = incoming
        self._most = most
        self.size = 0

    @property
    def too_large(self) -> bool:
        """Say whether more came than may."""
        return self.size > self._most

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin one of the three; another file ends the upload."""
        names = {COVER_FIELD: COVER, ATTESTATIONS_FIELD: ATTESTATIONS, LINES_FIELD: file_name}
        if field_name not in names:
            raise StopUpload(connection_reset=True)
        self._incoming.begin(names[field_name])
        self.file_name = names[field_name]

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal a piece."""
        self.size += len(raw_data)
        if self.too_large:
            raise StopUpload(connection_reset=True)
        self._incoming.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Say that the file is there; its bytes are read from where they were sealed."""
        return UploadedFile(name=self.file_name, size=file_size)


def taking(allowed: frozenset[Part], too_large: str) -> Callable[[Taking], Callable[..., HttpResponse]]:
    """Open a view, as ``page`` does, that takes a submission's files: its third argument is what came, or None for a page that is only shown
    or whose form is incomplete. Who may not open it sends nothing: whose page it is, is asked before the first byte is read.

    ``too_large`` is the template that says so, with status 413.
    """

    def wrapped(view: Taking) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
            most = settings.SUBMISSION_LIMIT
            if request.method != "POST":
                return protected(request, parts, None, None)
            if int(request.META.get("CONTENT_LENGTH") or 0) > most:
                return _refused(request, too_large, most)
            with gate().originals.incoming() as incoming:
                handler = SealedFiles(incoming, most)
                setattr(request, "upload_handlers", [handler])  # noqa: B010  # the name is Django's
                return protected(request, parts, incoming, handler)

        @csrf_protect
        def protected(
            request: HttpRequest,
            parts: frozenset[Part],
            incoming: Incoming | None,
            handler: SealedFiles | None,
        ) -> HttpResponse:
            if handler is not None and handler.too_large:
                return _refused(request, too_large, settings.SUBMISSION_LIMIT)
            whole = request.POST.get(ACT) and all(field in request.FILES for field in FIELDS)
            return view(request, parts, incoming if whole else None)

        # Checking the token reads the form, and with it the files: it is checked inside, once it is known who sends them.
        return csrf_exempt(page(allowed)(opened))

    return wrapped


def _refused(request: HttpRequest, template: str, most: int) -> HttpResponse:
    return render(request, template, {"most": most >> 20}, status=413)
