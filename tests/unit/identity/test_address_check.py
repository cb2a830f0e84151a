"""``lawgate address check``: one answer per line, in order, streaming, and without Django or a home."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

from lawgate.cli import address

GOOD = "742 Evergreen Ter, Springfield, IL 62704"
ENV_CODE = "import sys; from lawgate.cli.main import main\ntry:\n    main()\nfinally:\n    assert not [m for m in sys.modules if m.split('.')[0] == 'django'], 'Django was loaded'\n"


def run(stdin: bytes, *arguments: str, cwd: Path) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", ENV_CODE, "address", "check", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_lines_are_answered_one_by_one_and_django_is_never_loaded(tmp_path: Path) -> None:
    lines = f'{GOOD}\nFailed to Provide\n\n{{"text": "PO Box 12, Springfield, IL 62704"}}\n\xff\n'.encode(
        "latin-1"
    )
    answers = run(lines, cwd=tmp_path)
    assert [a["sufficient"] for a in answers] == [True, False, False, True, False]
    assert [a["code"] for a in answers] == ["", "223", "222", "", "223"]
    assert answers[0]["parts"] == {
        "number": "742", "street": "EVERGREEN TER", "city": "SPRINGFIELD", "state": "IL", "zip": "62704",
    }  # fmt: skip
    assert answers[1]["parts"] is None
    assert answers[1]["text"] == "Failed to Provide"
    assert list(tmp_path.iterdir()) == []


def test_many_lines_keep_their_order_over_two_processes(tmp_path: Path) -> None:
    count = 3 * address.CHUNK + 17
    stdin = "".join(json.dumps({"text": f"{n} Oak St, Springfield, IL 62704"}) + "\n" for n in range(count))
    answers = run(stdin.encode(), "--json", cwd=tmp_path)
    assert len(answers) == count
    assert all(a["text"].startswith(f"{n} ") for n, a in enumerate(answers))  # type: ignore[attr-defined]
    assert not answers[0]["sufficient"]
    assert all(a["sufficient"] for a in answers[1:])


def test_a_line_without_end_is_cut_and_refused() -> None:
    source = io.StringIO(f"{'1 Main St ' * 100_000}\n{GOOD}\n")
    lines = list(address.lines_of(source))
    assert [len(lines), lines[1]] == [2, GOOD]
    assert len(lines[0]) <= address.LONGEST_LINE


def test_broken_json_is_read_as_text_and_refused() -> None:
    out = address.checked(['{"text": 12}', '{"text"', "[" * 5000, '{"other": "x"}'], True)
    assert not any(json.loads(line)["sufficient"] for line in out.splitlines())


def test_half_a_surrogate_pair_crashes_nothing_and_is_refused(tmp_path: Path) -> None:
    (answer, good) = run(
        f'{{"text": "\\ud8002 Oak St, Springfield, IL 62704"}}\n{GOOD}\n'.encode(), cwd=tmp_path
    )
    assert (answer["sufficient"], answer["text"]) == (False, "\ud8002 Oak St, Springfield, IL 62704")
    assert good["sufficient"]


def test_a_value_that_only_the_slower_reader_reads_is_read() -> None:
    (line,) = address.checked([f'{{"text": "{GOOD}", "beside": NaN}}'], True).splitlines()
    assert json.loads(line)["sufficient"]
