"""A real identity provider (npm's oidc-provider), a stretch of wire before it that can lie, and a gateway that lets people sign in there."""

from __future__ import annotations

import http.client
import http.cookiejar
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from lawgate import register, wiring
from lawgate.rehearsal import people
from lawgate.rehearsal.stage import rehearsal_settings

COMMAND = Path(sys.executable).parent / "lawgate"
HERE = Path(__file__).parent
SIGNERS = (people.DISCLOSURE_OFFICER, people.FRAUD_HEAD)
Tamper = Callable[[dict[str, Any]], dict[str, Any]]


def required(what: str) -> None:
    """Skip by name, or fail where everything is required."""
    if os.environ.get("LAWGATE_REQUIRE") == "all":
        pytest.fail(what)
    pytest.skip(what)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Wire(http.server.ThreadingHTTPServer):
    """Passes everything on to the provider, and changes what the token endpoint says if a test asks for it."""

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.behind = behind
        self.tamper: Tamper | None = None
        self.asked: list[tuple[str, str]] = []


class _Passing(http.server.BaseHTTPRequestHandler):
    server: Wire

    def _pass(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.server.asked.append((self.path, body.decode()))
        onward = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
        onward.request(self.command, self.path, body or None, headers)
        reply = onward.getresponse()
        said = reply.read()
        if self.path == "/token" and reply.status == 200 and self.server.tamper is not None:
            said = json.dumps(self.server.tamper(json.loads(said))).encode()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        onward.close()

    do_GET = do_POST = _pass

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Reply:
    status: int
    location: str
    text: str
    url: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@dataclass
class Browser:
    """Keeps cookies and follows nothing by itself."""

    cookies: http.cookiejar.CookieJar = field(
        default_factory=lambda: http.cookiejar.CookieJar(
            http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        )
    )

    def get(self, url: str, data: bytes | None = None) -> Reply:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stay)
        origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
        request = urllib.request.Request(url, data, {"Origin": origin} if data is not None else {})
        try:
            with opener.open(request, timeout=30) as got:
                return Reply(got.status, "", got.read().decode(), url)
        except urllib.error.HTTPError as other:
            with other:
                location = urllib.parse.urljoin(url, other.headers.get("Location") or "")
                return Reply(other.code, location, other.read().decode(), url)

    def fill(self, shown: Reply, **fields: str) -> Reply:
        """Send the form of a page as it was shown."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        assert token is not None, shown
        return self.get(
            shown.url, urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        )


@dataclass
class Site:
    """The provider, the wire before it, and the gateway."""

    folder: Path
    url: str
    wire: Wire
    keys: dict[str, Any]
    own_key: ECKey
    port: int
    provider: subprocess.Popen[bytes] | None = None

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.wire.server_port}"

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [COMMAND, *words, "--home", str(self.folder / "home")], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def start(self) -> None:
        """Start the provider with the keys it has now."""
        back = f"{self.url}/account/provider/back/"
        own = {
            "redirect_uris": [back], "response_types": ["code"], "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256",
            "jwks": {"keys": [self.own_key.as_dict(private=False, kid=self.own_key.thumbprint())]},
        }  # fmt: skip
        conf = {
            "issuer": self.issuer, "port": self.wire.behind, "jwks": {"keys": list(self.keys.values())},
            "clients": [{"client_id": name, **own} for name in ("lawgate", "somebody-else")],
        }  # fmt: skip
        (self.folder / "provider.json").write_text(json.dumps(conf))
        with (self.folder / "provider.log").open("w") as log:
            self.provider = subprocess.Popen(
                ["node", "provider.js", self.folder / "provider.json"],
                cwd=self.folder / "provider", stdout=log, stderr=log,
            )  # fmt: skip
        _await(f"http://localhost:{self.wire.behind}/.well-known/openid-configuration", self.provider)

    def stop(self) -> None:
        if self.provider is not None:
            self.provider.terminate()
            self.provider.wait(20)

    def browser(self) -> Browser:
        return Browser()

    def at_provider(self, browser: Browser, start: str, who: str, **how: str) -> str:
        """Sign in at the provider as anybody; return the address to which it sends the browser back."""
        for cookie in [c for c in browser.cookies if c.name.startswith("_session")]:
            browser.cookies.clear(
                cookie.domain, cookie.path, cookie.name
            )  # it would know who was there before
        reply = browser.get(start)
        assert "/interaction/" in reply.location, (reply.status, reply.location, reply.text[:500])
        said = urllib.parse.urlencode({"as": who, **how})
        reply = browser.get(f"{reply.location}?{said}")
        reply = browser.get(reply.location)
        return reply.location

    def begun(self, browser: Browser) -> str:
        """Begin at the gateway; return the provider's address."""
        return browser.get(f"{self.url}/account/provider/").location

    def signed_in(self, browser: Browser, who: str, **how: str) -> Reply:
        """All of it."""
        return browser.get(self.at_provider(browser, self.begun(browser), who, **how))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Install the provider from its lock file, make a home, serve it."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        required("npm and node are not there; the identity provider of these tests is npm's oidc-provider")
    folder = tmp_path_factory.mktemp("oidc")
    shutil.copytree(HERE / "provider", folder / "provider")
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder / "provider", capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        required("npm could not install oidc-provider; its tests need it once")
    wire = Wire(free_port())
    threading.Thread(target=wire.serve_forever, daemon=True).start()
    port = free_port()
    own = ECKey.generate_key("P-256", private=True)
    keys = {"first": new_key("first")}
    made = Site(folder, f"http://localhost:{port}", wire, keys, own, port)
    _make_home(made)
    made.start()
    log = (folder / "served.log").open("w")
    words = [COMMAND, "serve", "--rehearsal", "--listen", f"127.0.0.1:{port}", "--home", str(folder / "home")]
    server = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _await(made.url, server)
        yield made
    finally:
        server.terminate()
        server.wait(30)
        made.stop()
        wire.shutdown()
        wire.server_close()
        log.close()


def new_key(name: str) -> dict[str, Any]:
    """A key of the provider's."""
    key = RSAKey.generate_key(2048, private=True)
    return {**key.as_dict(private=True), "kid": name, "use": "sig", "alg": "RS256"}


def _make_home(made: Site) -> None:
    from lawgate.store.open import close_database

    settings = (
        f'{rehearsal_settings()}\n[service]\nurl = "{made.url}"\n[oidc]\nissuer = "{made.issuer}"\nclient_id = "lawgate"\n'
        'key = "keys/oidc.pem"\nclaim = "sub"\nacr = ["urn:two"]\namr = ["mfa"]\n'
    )
    (made.folder / "lawgate.toml").write_text(settings, encoding="utf-8")
    wiring.create_home(made.folder / "home", made.folder / "lawgate.toml")
    (made.folder / "home" / "keys" / "oidc.pem").write_bytes(made.own_key.as_pem(private=True))
    gate = wiring.open_home(made.folder / "home")
    for entry in people.standing_entries():
        register.add_standing(gate, entry)
    for person in SIGNERS:
        public, recipient = wiring.new_person_key(made.folder / f"{person}.pem", None)
        register.enrol_key(gate, people.enrolled(people.player(person), public, gate.now(), recipient))
    close_database()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise AssertionError("the server ended at once")
        try:
            urllib.request.urlopen(url, timeout=20).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture
def browser() -> Browser:
    """Somebody's browser."""
    return Browser()


@pytest.fixture(name="new_key")
def new_key_fixture() -> Callable[[str], dict[str, Any]]:
    """What makes the provider a key."""
    return new_key
