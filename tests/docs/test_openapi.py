"""The description of the API in the documents is what the code says, every example in it is one, and every operation is described."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

ROOT = Path(__file__).parents[2]
DESCRIBED: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DESCRIBED["components"]["schemas"]


def test_the_committed_description_is_what_the_code_says() -> None:
    """`tools/describe_api.py > docs/openapi.json` writes it anew."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "describe_api.py"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == DESCRIBED
    assert DESCRIBED["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_type_has_an_example_that_is_one(name: str) -> None:
    examples = SCHEMAS[name].get("examples")
    assert examples
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]}
    for example in examples:
        jsonschema_rs.validate(schema, example)


def test_every_operation_says_what_it_does_and_is_signed() -> None:
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["description"], (path, method)
            assert operation["security"] == [{"SignedCall": []}], (path, method)
            assert "4XX" in operation["responses"], (path, method)


def test_no_operation_finds_anything_by_name_or_record() -> None:
    personal = {
        "name",
        "surname",
        "given",
        "address",
        "street",
        "taxpayer_number",
        "ssn",
        "birth_date",
        "q",
        "search",
        "record",
        "subject",
    }
    for path, methods in DESCRIBED["paths"].items():
        for operation in methods.values():
            assert not {parameter["name"].lower() for parameter in operation["parameters"]} & personal, path
