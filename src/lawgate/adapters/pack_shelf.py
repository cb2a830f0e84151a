"""The files of packs: read whole, written in one motion each; the proof that lies beside a pack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from lawgate.adapters.durable import make_folder, write_atomic
from lawgate.statutes import packs
from lawgate.statutes.pack import Pack
from lawgate.statutes.proof import PackFiles, Proof

PROOF_FILE = "proof.json"


def pack_text(pack: Pack) -> str:
    """Read the words of the law that a pack rests on."""
    return (_pack_folder(pack) / "text.md").read_text(encoding="utf-8")


def pack_files(pack: Pack) -> PackFiles:
    """Read a pack's data files, and the sources of its rules and of the evaluator."""
    folder = _pack_folder(pack)
    return PackFiles(
        pack=pack,
        text=pack_text(pack),
        cases=(folder / "cases.toml").read_text(encoding="utf-8"),
        house=(folder.parent.parent / "house.toml").read_text(encoding="utf-8"),
        particulars=(folder / "pack.toml").read_text(encoding="utf-8"),
        rules_source=_sources(folder),
        evaluator_source=_sources(folder.parent.parent),
    )


def committed_proof(pack: Pack) -> object:
    """Return the proof that lies beside the pack, as JSON; None if there is none or it is no JSON."""
    try:
        return json.loads((_pack_folder(pack) / PROOF_FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def write_proof(pack: Pack, proof: Proof) -> Path:
    """Put a proof beside its pack, in one motion: a crash leaves the old proof or the new one."""
    path = _pack_folder(pack) / PROOF_FILE
    text = json.dumps(proof.document(), indent=1, ensure_ascii=False, sort_keys=True)
    write_atomic(path, f"{text}\n".encode())
    return path


def packs_folder() -> Path:
    """Return the folder in which this program's packs stand."""
    return Path(str(files(packs)))


def write_pack(folder: Path, written: Mapping[str, str]) -> None:
    """Put a new pack's files into a new folder, in one motion each."""
    make_folder(folder)
    for name, text in written.items():
        write_atomic(folder / name, text.encode())


def laws_in(folder: Path) -> dict[str, str]:
    """Read the law files of a folder, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def _pack_folder(pack: Pack) -> Path:
    return packs_folder() / pack.id.replace("-", "_")


def _sources(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
