"""The same tests on PostgreSQL: a server of our own on a socket in a folder of its own, and a database where a test would have a file.

With ``LAWGATE_TEST_POSTGRES=1`` every memory that a test makes, copies or moves lives there: a copied home gets a copied database.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

import lawgate.store.open as opener

SERVER = "LAWGATE_TEST_POSTGRES_SERVER"
DATABASE_URL = "LAWGATE_DATABASE_URL"
MARK = ".postgres"
WRITER, READER = "lawgate_writer", "lawgate_reader"


def programs() -> Path | None:
    """Find the folder of the newest server's programs; the server is no command that everybody has in their path."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += [p.parent for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    return folders[0] if folders else None


class Server:
    """A cluster in a folder, on a socket there; nobody else reaches it. It commits durably, as the gateway demands."""

    def __init__(self) -> None:
        bin_folder = programs()
        if bin_folder is None:
            raise RuntimeError("PostgreSQL's server is not installed")
        # Each database that is made and dropped waits for the disk; a disk in memory does not keep it waiting.
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="lawgate-pg-", dir=memory if memory.is_dir() else None))
        # The server refuses to run as root.
        self.as_whom: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.data = self.folder / "data"
        self._run(
            bin_folder / "initdb", "-D", self.data, "-U", "lawgate", "-A", "trust", "-E", "UTF8", "--locale=C"
        )
        options = f"-c listen_addresses= -k {self.folder} -c max_connections=60"
        self.control = bin_folder / "pg_ctl"
        self._run(self.control, "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")
        # Accounts are the server's, not a database's: two tests that made them at once would be in each other's way.
        with psycopg.connect(url_of(str(self.folder), "postgres"), autocommit=True) as server:
            server.execute(f"CREATE ROLE {WRITER} LOGIN; CREATE ROLE {READER} LOGIN")

    def _run(self, *command: object) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            capture_output=True,
            cwd=self.folder,
            timeout=120,
            **self.as_whom,
        )

    def restart(self) -> None:
        """End every connection as a crash of the server does, and start again."""
        self._run(
            self.control, "-D", self.data, "-w", "-l", self.folder / "log", "-m", "immediate", "restart"
        )

    def stop(self) -> None:
        self._run(self.control, "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def url_of(folder: str, database: str) -> str:
    return f"postgresql:///{database}?host={folder}&user=lawgate"


def two_accounts(url: str) -> dict[str, str]:
    """Give the two accounts their rights in the database that its owner's ``url`` names, and return the environment of who has no more."""
    from lawgate.store.rights import rights

    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(rights(WRITER, READER).encode())
    named = {DATABASE_URL: WRITER, "LAWGATE_DATABASE_READER_URL": READER}
    return {variable: url.replace("user=lawgate", f"user={account}") for variable, account in named.items()}


class Databases:
    """Stands in for ``open_database``: where a file would be made, copied or moved, a database is."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.real = opener.open_database
        self.made: dict[str, Path] = {}

    def open_database(self, path: Path, *, create: bool, url: str | None = None) -> None:
        mark = path.with_name(path.name + MARK)
        if create and not path.parent.is_dir():
            self.real(path, create=create)
        if not create and not mark.exists():
            os.environ.pop(DATABASE_URL, None)
            self.real(path, create=create)
        if create and not mark.exists():
            self._note(path, self._new(path))
        name, origin = mark.read_text().split("\n")
        if origin != str(path):
            was = Path(origin)
            copied = was.with_name(was.name + MARK).exists()
            self._note(path, self._new(path, name) if copied else name)
            name = mark.read_text().split("\n")[0]
        os.environ[DATABASE_URL] = url_of(self.folder, name)
        self.real(path, create=create, url=os.environ[DATABASE_URL])

    def drop_below(self, folder: Path) -> None:
        below = [name for name, path in self.made.items() if path.is_relative_to(folder)]
        if not below:
            return
        opener.connect("default", opener.sqlite_file(Path(":memory:")))
        os.environ.pop(DATABASE_URL, None)
        with psycopg.connect(url_of(self.folder, "postgres"), autocommit=True) as server:
            for name in below:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
                del self.made[name]

    def _note(self, path: Path, name: str) -> None:
        path.with_name(path.name + MARK).write_text(f"{name}\n{path}")
        self.made[name] = path

    def _new(self, path: Path, template: str = "template0") -> str:
        name = f"home_{os.urandom(8).hex()}"
        opener.close_database()
        with psycopg.connect(url_of(self.folder, "postgres"), autocommit=True) as server:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            server.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
        return name
