"""The packs of this house with their data files, as tests read them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from lawgate.adapters.pack_shelf import pack_files
from lawgate.statutes.cases import Case
from lawgate.statutes.pack import Ground, Pack
from lawgate.wiring import GROUNDS

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "src" / "lawgate" / "statutes" / "packs"


@dataclass(frozen=True)
class Shelf:
    """A ground, its pack as applied now, and the folder its data files stand in."""

    ground: Ground
    pack: Pack
    folder: Path

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def cases(self) -> tuple[Case, ...]:
        """The pack's own worked cases, and those of the rules of the house that it has."""
        return pack_files(self.pack).worked()


SHELVES = [Shelf(ground, ground.current, PACKS / ground.id.replace("-", "_")) for ground in GROUNDS]


@pytest.fixture(params=SHELVES, ids=lambda shelf: shelf.pack.id)
def shelf(request: pytest.FixtureRequest) -> Shelf:
    found: Shelf = request.param
    return found


@pytest.fixture
def laws(shelf: Shelf) -> dict[str, bytes]:
    """The law files the pack was written from; without them the test is skipped by name, or fails if everything is required."""
    folder = Path(os.environ.get("LAWGATE_LAW") or ROOT.parent / "shared" / "law")
    missing = [source.file for source in shelf.pack.sources if not (folder / source.file).is_file()]
    if missing:
        message = f"law files are not there (LAWGATE_LAW names their folder): {', '.join(missing)}"
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail(message)
        pytest.skip(message)
    return {source.file: (folder / source.file).read_bytes() for source in shelf.pack.sources}
