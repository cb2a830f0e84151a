"""The one way into the API: a good signature, a nonce that was not there before, not too many calls, and the content that was signed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import wraps
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja.security.apikey import APIKeyHeader
from pydantic import BaseModel

from lawgate.accounts.calls import Caller, begin_reply, caller_of, forget_reply, keep_reply, let_in
from lawgate.accounts.roles import Part
from lawgate.web.api.problem import ABSENT, NOT_ALLOWED, CallRefusedError
from lawgate.web.api.signature import Message, Signed, open_call
from lawgate.web.desk import gate

IN_MEMORY = 16 << 20  # bytes of an upload that are not put on the disk
PIECE = 1 << 20
LONGEST_KEY = 128
KEY_HEADER = "Idempotency-Key"


class SignedCall(APIKeyHeader):
    """Lets signed calls in. ``streams`` says that the view reads the content itself, by ``content``."""

    param_name = "Signature"
    openapi_description = (
        "RFC 9421: an Ed25519 signature with tag, keyid, created and nonce over @method, @target-uri, content-digest where there is content, "
        "and idempotency-key where there is one. See docs/api.md."
    )

    def __init__(self, *, streams: bool = False) -> None:
        self._streams = streams
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller:
        """Return who calls. Raises CallRefusedError."""
        opened = gate()
        now, standing = opened.now(), opened.memory.standing()
        message = Message(request.method or "", _address(request), request.headers)
        has_content = request.META.get("CONTENT_LENGTH", "") not in ("", "0")
        signed = open_call(
            message, lambda keyid: caller_of(keyid, standing, opened.holder, now), has_content=has_content
        )
        refused = let_in(signed.caller.keyid, signed.nonce, now)
        if refused:
            raise CallRefusedError(refused)
        request.META[_SIGNED] = signed
        if has_content and not self._streams:
            _hold(hashlib.sha256(_small(request)).digest(), signed)
        return signed.caller


_SIGNED = "lawgate.signed"


def caller(request: HttpRequest, allowed: Collection[Part]) -> Caller:
    """Return who called, if one of these parts is the caller's. Raises CallRefusedError."""
    who = cast(Signed, request.META[_SIGNED]).caller
    if not who.parts.intersection(allowed):
        raise CallRefusedError(NOT_ALLOWED)
    return who


@contextmanager
def content(request: HttpRequest) -> Iterator[IO[bytes]]:
    """Give the content of a call as a file, once it is the one that was signed. A large one lies on the disk without a name, so that nothing
    of it stays after a crash. Raises CallRefusedError."""
    signed = cast(Signed, request.META[_SIGNED])
    if signed.digest is None:
        raise CallRefusedError("514", "the call has no content")
    with SpooledTemporaryFile(IN_MEMORY) as file:
        digest, left = hashlib.sha256(), int(settings.SUBMISSION_LIMIT)
        while piece := request.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise CallRefusedError("514", "the content is larger than this gateway takes", 413)
            digest.update(piece)
            file.write(piece)
        _hold(digest.digest(), signed)
        file.seek(0)
        yield cast("IO[bytes]", file)


def once(view: Callable[..., tuple[int, BaseModel]]) -> Callable[..., Any]:
    """Do a call with an idempotency key once: the same call again gets the same reply, for a day, and another call with that key none."""

    @wraps(view)
    def doing(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(KEY_HEADER)
        if key is None:
            return view(request, *args, **kwargs)
        if not 1 <= len(key) <= LONGEST_KEY:
            raise CallRefusedError("514", f"{KEY_HEADER} has 1 to {LONGEST_KEY} signs")
        signed = cast(Signed, request.META[_SIGNED])
        keyid = signed.caller.keyid
        call = hashlib.sha256(
            f"{request.method} {_address(request)} {(signed.digest or b'').hex()}".encode()
        ).hexdigest()
        kept = begin_reply(keyid, key, call, gate().now())
        if kept is not None:
            if kept.call != call:
                raise CallRefusedError("907")
            if not kept.status:
                raise CallRefusedError("907", status=409)
            return HttpResponse(kept.body, "application/json", kept.status)
        try:
            status, said = view(request, *args, **kwargs)
        except BaseException:
            forget_reply(keyid, key)
            raise
        keep_reply(keyid, key, status, said.model_dump_json(exclude_none=True))
        return status, said

    return doing


def absent() -> CallRefusedError:
    """What is not there and what is another's look alike."""
    return CallRefusedError(ABSENT)


def _address(request: HttpRequest) -> str:
    target = str(request.META.get("RAW_URI") or request.get_full_path())
    return f"{settings.CSRF_TRUSTED_ORIGINS[0]}{target}"


def _small(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise CallRefusedError("514", "the content is too large for this address", 413) from None


def _hold(found: bytes, signed: Signed) -> None:
    if signed.digest is None or not hmac.compare_digest(found, signed.digest):
        raise CallRefusedError("509", "the content is not the one that was signed")
