"""deploy/ is held to what there is: every command line of a unit, the compose file and the note parses; users, paths and settings agree."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lawgate.cli.main import app
from lawgate.settings import EXAMPLE, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
LAWGATE: Any = typer.main.get_command(app)
PROGRAM = "/opt/lawgate/bin/lawgate"


def lines_of(unit: Path, name: str) -> list[str]:
    return re.findall(rf"(?m)^{name}=(.*)$", unit.read_text(encoding="utf-8"))


def parsed(words: list[str]) -> dict[str, Any]:
    """Parse a command line as the program does, without running it or looking for the files it names."""
    command, path = LAWGATE, list(words)
    while hasattr(command, "commands"):
        assert path, f"{words} names a group, not a command"
        assert path[0] in command.commands, f"there is no {path[0]} in {' '.join(words)}"
        command = command.commands[path.pop(0)]
    context = command.context_class(command, info_name=words[0])
    given, left, _ = command.make_parser(context).parse_args(path)
    assert not left, words
    missing = [each.name for each in command.params if each.required and not given.get(each.name)]
    assert not missing, f"{' '.join(words)} lacks {missing}"
    found: dict[str, Any] = given
    return found


def units() -> Iterator[tuple[Path, list[str]]]:
    for unit in SERVICES:
        for line in lines_of(unit, "ExecStart"):
            yield unit, shlex.split(line)


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_every_command_of_a_unit_is_there_with_its_options() -> None:
    seen = set()
    for unit, words in units():
        if words[0] == PROGRAM:
            parsed(words[1:])
            seen.add(words[1])
        else:
            assert words == [
                "/opt/lawgate/share/backup.sh",
                "/var/lib/lawgate/home",
                "/var/backups/lawgate",
            ], unit
    assert seen == {"sealer", "serve", "worker", "witness", "ledger", "report", "pack"}


def test_every_command_of_the_compose_file_is_there_with_its_options() -> None:
    own = {name: each for name, each in compose()["services"].items() if each["image"] == "lawgate"}
    assert {name: each["command"][0] for name, each in own.items()} == {"sealer": "sealer", "web": "serve"}
    for each in own.values():
        parsed(each["command"])
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
        assert each["security_opt"] == ["no-new-privileges:true"]


def test_every_command_of_the_note_is_there_with_its_options() -> None:
    """The options of each, and that nothing required is missing; a container's command follows its service's name."""
    found = 0
    for line in re.findall(r"(?m)^ {4}(?! )(.*)$", (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")):
        said = line.partition("   ")[0].partition(" > ")[0]
        match = re.search(r"(?:-- |^)lawgate (.*)|run --rm (?:--volume \S+ )?(?:web|sealer) (.*)", said)
        if match:
            parsed(shlex.split(match[1] or match[2]))
            found += 1
    assert found > 10
    for path in re.findall(r"deploy/[\w./-]+\w", (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


def test_a_command_that_is_not_there_is_noticed() -> None:
    with pytest.raises(AssertionError):
        parsed(["records", "search"])
    with pytest.raises(AssertionError):
        parsed(["sealer", "serve", "/folder", "--socket", "/s", "--peer", "me"])
    with pytest.raises(Exception, match="No such option"):
        parsed(["serve", "--lookup", "x"])


def test_settings_units_compose_file_and_front_name_the_same_places() -> None:
    switched_on = re.sub(r"(?m)^# (\[sealer\]|socket = )", r"\1", EXAMPLE)
    settings = Settings.model_validate(tomllib.loads(switched_on))
    assert settings.sealer is not None
    (line,) = lines_of(DEPLOY / "systemd" / "lawgate-sealer.service", "ExecStart")
    unit, container = parsed(shlex.split(line)[1:]), parsed(compose()["services"]["sealer"]["command"])
    assert unit["socket"] == container["socket"] == settings.sealer.socket
    assert unit["logs"] == container["logs"] == "/var/lib/lawgate/home"
    homes = {parsed(words[1:]).get("home") for _, words in units() if words[0] == PROGRAM}
    assert homes - {None} == {"/var/lib/lawgate/home"}
    front = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"proxy_pass http://(\S+);", front)) == {"127.0.0.1:7381"}
    assert "alias /var/lib/lawgate/home/$1;" in front
    witness = (DEPLOY / "nginx-witness.conf").read_text(encoding="utf-8")
    (line,) = lines_of(DEPLOY / "systemd" / "lawgate-witness.service", "ExecStart")
    assert f"proxy_pass http://{parsed(shlex.split(line)[1:])['listen']};" in witness


def test_who_runs_what_is_somebody_who_is_made_and_the_sealer_is_nobody_else() -> None:
    made = re.findall(
        r"(?m)^u (\S+)", (DEPLOY / "systemd" / "lawgate.sysusers.conf").read_text(encoding="utf-8")
    )
    users = {unit.name: lines_of(unit, "User") for unit in SERVICES}
    assert {user for found in users.values() for user in found} == set(made)
    assert [name for name, found in users.items() if found == ["lawgate-sealer"]] == [
        "lawgate-sealer.service"
    ]
    (line,) = lines_of(DEPLOY / "systemd" / "lawgate-sealer.service", "ExecStart")
    assert parsed(shlex.split(line)[1:])["peer"] == ["lawgate"]
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    ids = dict(re.findall(r"useradd --uid (\d+) --gid \d+ .* (lawgate\S*) \\", image))
    assert ids == {"10001": "lawgate", "10002": "lawgate-sealer"}
    services = compose()["services"]
    assert services["sealer"]["user"] == "10002:10001"
    assert parsed(services["sealer"]["command"])["peer"] == ["10001"]
    assert "USER 10001:10001" in image


def test_the_image_is_made_from_what_is_there_and_locked_by_hashes() -> None:
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    for line in re.findall(r"(?m)^COPY (?!--from)(.*)$", image):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() for source in sources), line
    for locked in set(re.findall(r"-r (\S+)", image)):
        assert f"--require-hashes -r {locked}" in image
        assert "--hash=sha256:" in (ROOT / locked).read_text(encoding="utf-8")
    assert (ROOT / "src" / "lawgate" / "adapters" / "compile_engine.py").exists()


def test_each_timer_has_its_service_and_each_unit_the_common_hardening() -> None:
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        assert timer.with_suffix(".service") in SERVICES
        assert lines_of(timer, "OnCalendar")
    assert (DEPLOY / "systemd" / "lawgate-.service.d" / "hardening.conf").exists()
    assert all(unit.name.startswith("lawgate-") for unit in SERVICES)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="missing: systemd-analyze")
def test_systemd_finds_little_exposed(tmp_path: Path) -> None:
    folder = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(DEPLOY / "systemd", folder)
    for unit in SERVICES:
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(folder / unit.name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-400:] + done.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="missing: nginx")
@pytest.mark.parametrize("site", ["nginx.conf", "nginx-witness.conf"])
def test_nginx_reads_the_front(tmp_path: Path, site: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1,
        not_valid_before=now, not_valid_after=now + timedelta(days=1),
    ).sign(key, hashes.SHA256())  # fmt: skip
    (tmp_path / "fullchain.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    text = (DEPLOY / site).read_text(encoding="utf-8")
    text = text.replace("/etc/lawgate/tls", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "site.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error;\nevents {{}}\nhttp {{\n"
        + "".join(
            f"{part}_temp_path {tmp_path}/{part};\n"
            for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"include {tmp_path}/site.conf;\n}}\n"
    )
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
