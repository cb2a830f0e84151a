"""What the documents name exists: every dotted name, every path, every test; and the story has the order of the code."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/story.md",
    "docs/glossary.md",
    "docs/threat-model.md",
    "docs/operations.md",
    "docs/deploy.md",
)
PIPELINE = "src/lawgate/pipeline.py"
ARRIVAL = ("src/lawgate/reading.py", "src/lawgate/arrival.py")
"""Steps 1 to 3 of a submission of any size: what the pipeline has done where it makes an ``Arrival``."""
STEPS = (
    ("receive", "lawgate.intake.receive.receive"),
    ("check", "lawgate.statutes.check.check_facts"),
    ("guard", "lawgate.guard.admit.Guard"),
    ("decide", "lawgate.review.decide.decide"),
    ("match", "lawgate.records.verify.verify_records"),
    ("minimise", "lawgate.disclosure.minimise.minimise"),
    ("log", "lawgate.store.answers.AnswerPart.log_answers"),
    ("seal", "lawgate.sealer.Sealer.seal"),
    ("account", "lawgate.pipeline.acknowledge"),
)
"""The function that does each step, in the order of the design."""

PATHS = re.compile(r"(?:src|docs|tests|verifier|bench|requirements)/[\w./-]+")
DOTTED = re.compile(r"lawgate(?:_verifier)?(?:\.\w+)+")


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def quoted(document: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text(document))


@cache
def resolve(dotted: str) -> object:
    """Import the longest module of a dotted name and follow the rest as attributes, annotations of fields included."""
    django.setup()
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = (
                getattr(found, part) if hasattr(found, part) else vars(found).get("__annotations__", {})[part]
            )
        return found
    raise LookupError(dotted)


@pytest.fixture(autouse=True)
def _django_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")


def paths(document: str) -> set[str]:
    """Paths from the project's root, and links relative to the document."""
    words = [word.partition("::")[0] for word in quoted(document)]
    named = {word.rstrip("/") for word in words if PATHS.fullmatch(word)}
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text(document))
    here = (ROOT / document).parent
    return named | {str((here / link).resolve().relative_to(ROOT)) for link in links}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_function_and_type_that_is_named_exists(document: str) -> None:
    names = {word for word in quoted(document) if DOTTED.fullmatch(word)} - {"lawgate.toml"}
    missing = []
    for name in sorted(names):
        try:
            resolve(name)
        except (LookupError, AttributeError):
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_exists(document: str) -> None:
    assert [path for path in sorted(paths(document)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    named = [word.split("::") for word in quoted(document) if "::" in word]
    missing = [f"{path}::{name}" for path, name in named if f"def {name}(" not in text(path)]
    assert missing == []


def test_the_story_names_the_nine_functions_in_the_order_of_the_steps() -> None:
    sections = re.split(r"(?m)^## ", text("docs/story.md"))[1:10]
    for number, ((word, function), section) in enumerate(zip(STEPS, sections, strict=True), 1):
        assert section.startswith(f"{number} ")
        assert word in section.partition("\n")[0].lower()
        assert f"`{function}`" in section


def calls_in_order() -> list[str]:
    """What the functions of the pipeline call, those of ``ARRIVAL`` where it calls for them."""
    calls = calls_of(PIPELINE)
    place = calls.index("lawgate.arrival.Arrival")
    return calls[:place] + [call for path in ARRIVAL for call in calls_of(path)] + calls[place:]


def calls_of(path: str) -> list[str]:
    """What the functions of a module call, as full names where they are imported, in the order in which it is evaluated."""
    tree = ast.parse(text(path))
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    found: list[str] = []

    class Calls(ast.NodeVisitor):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            found.append(f"lawgate.{Path(path).stem}.{node.name}")
            self.generic_visit(node)

        def visit_Call(self, node: ast.Call) -> None:
            self.generic_visit(node)
            # What is handed to the workers is called by them.
            for called in (node.func, *(node.args[:1] if ast.unparse(node.func) == "workers" else ())):
                name = ast.unparse(called)
                found.append(imported.get(name, name))

    Calls().visit(tree)
    return found


def test_the_pipeline_calls_the_nine_functions_in_the_order_of_the_steps() -> None:
    calls = calls_in_order()
    # The memory and the sealer are handed in: what the pipeline calls is the promise, what the story names is the class that keeps it.
    handed_in = {
        "lawgate.store.answers.AnswerPart.log_answers": "gate.memory.log_answers",
        "lawgate.sealer.Sealer.seal": "gate.sealers",
    }
    names = [handed_in.get(function, function) for _, function in STEPS]
    places = [calls.index(name) for name in names]
    assert places == sorted(places)


def test_the_story_says_of_each_step_what_stops_it_what_lasts_and_what_shows_it() -> None:
    for section in re.split(r"(?m)^## ", text("docs/story.md"))[1:10]:
        for heading in ("**Function**", "**Stops here**", "**Durable**", "**Shown by**"):
            assert heading in section, section.partition("\n")[0]


def test_the_story_names_every_durable_write_of_the_pipeline() -> None:
    story = text("docs/story.md")
    written = set(re.findall(r"gate\.memory\.((?:keep|log)_\w+)\(", "".join(map(text, (PIPELINE, *ARRIVAL)))))
    # A look at a sample is one envelope by one person; the story tells of it where the sample is.
    assert sorted(name for name in written - {"keep_sample_review"} if name not in story) == []
