"""A cluster over an index, held to one machine over the same index: line by line, whatever workers, partitions and chunks."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lawgate.adapters.arrow import Table, arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.index_file import Reader
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.normal_columns import normal_columns
from lawgate.adapters.record_sources import COLUMNS
from lawgate.adapters.spark_lines import check_lines, write_lines
from lawgate.adapters.spark_records import SparkRecords, open_cluster
from lawgate.adapters.spark_session import Session, spark_environment, spark_session
from lawgate.domain.errors import RecordEngineError
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.rule import query_of
from lawgate.rehearsal.loopback_cluster import loopback_cluster
from lawgate.rehearsal.population import make_block
from lawgate.rehearsal.population_records import write_block
from lawgate.rehearsal.population_requests import DECOYS, MIXED, requests_of

# Py4J leaves its sockets to the collector when a session ends.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

KEY, MAX_FILERS, SECRET = bytes(range(32)), 10, "a-secret-of-this-test-alone-0123456789"
PEOPLE, MANY = 20_000, 5_000
INSTITUTION = {
    "number": "1",
    "street": "Institution Way",
    "city": "Springfield",
    "state": "IL",
    "zip": "62704",
}


def resident(number: int) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "") | INSTITUTION
    named = {
        "given": f"Given{number}",
        "surname": f"Surname{number}",
        "birth_date": "1980-05-06",
        "unit": f"Apt {number + 1}",
    }
    return row | named | {"record_id": f"i{number}", "tax_year": "2022", "source": "taxpayer", "form": "1040"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with an address of more lines than one row holds, its lines for a cluster, and requests of every kind."""
    folder = tmp_path_factory.mktemp("cluster")
    block = make_block(7, 0, PEOPLE)
    write_block(folder / "people.parquet", block)
    many = [resident(n) for n in range(MANY)]
    rows = {c: arrow.array([row[c] for row in many], arrow.string()) for c in COLUMNS}
    parquet.write_table(arrow.table(rows), folder / "many.parquet")
    build_index([folder / "people.parquet", folder / "many.parquet"], folder / "index", KEY, os.urandom)
    write_lines(Reader(folder / "index", KEY), folder / "lines")
    asked = [requests_of(block, 4000, shares, numbers=True, seed=7) for shares in (MIXED, DECOYS)]
    fields = [name for name in asked[0].column_names if name in COLUMNS]
    some = many[::40]
    some += [row | {"birth_date": "", "unit": ""} for row in some] + [
        row | {"unit": "Apt 99999"} for row in some
    ]
    there = arrow.table({c: arrow.array([row[c] for row in some], arrow.string()) for c in fields})
    stated = arrow.concat_tables(
        [*(table.select(fields) for table in asked), there], promote_options="permissive"
    )
    parquet.write_table(stated, folder / "requests.parquet")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    for what, missing in (("the extra spark (make spark)", _no_pyspark()), ("a Java runtime", shutil.which("java") is None)):  # fmt: skip
        if missing and os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail(f"missing: {what}")
        if missing:
            pytest.skip(f"missing: {what}")
    return spark_environment(tmp_path_factory.mktemp("spark") / "run", SECRET)


def _no_pyspark() -> bool:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return True
    return False


@pytest.fixture
def local_session(environment: dict[str, str]) -> Iterator[Session]:
    with spark_session("local[2]", environment) as session:
        yield session
    gc.collect()


def stated(world: Path) -> Table:
    return parquet.read_table(world / "requests.parquet")


def outcome(engine: LocalRecords, table: Table) -> np.ndarray:
    decided = engine.decide(engine.encode(normal_columns(table)), MAX_FILERS)
    return np.stack((decided.reasons, decided.records, decided.said), axis=1)


def cluster(world: Path, session: Session, partitions: int, chunk: int) -> SparkRecords:
    return open_cluster(world / "index", KEY, world / "lines", session, partitions=partitions, chunk=chunk)


@pytest.mark.slow
def test_local_mode_decides_every_line_as_one_machine_does(world: Path, local_session: Session) -> None:
    table = stated(world)
    alone = outcome(open_index(world / "index", KEY), table)
    # Every way to end is there, and the address that takes several rows answers as well.
    assert {301, 310, 320, 330, 331, 332, 340} <= set(alone[:, 0].tolist())
    assert {301, 332} <= set(alone[-3 * MANY // 40 :, 0].tolist())
    for partitions, chunk in ((1, 20_000), (5, 777)):
        assert np.array_equal(outcome(cluster(world, local_session, partitions, chunk), table), alone)


@pytest.mark.slow
def test_verdicts_and_the_rows_of_the_found_are_the_same(world: Path, local_session: Session) -> None:
    said = stated(world).slice(0, 300).to_pylist()
    queries = [query_of(stated_name(r), stated_parts(r), r["birth_date"], r["taxpayer_number"]) for r in said]
    engine = cluster(world, local_session, 2, 100)
    assert engine.look_up([*queries, None], MAX_FILERS) == open_index(world / "index", KEY).look_up(
        [*queries, None], MAX_FILERS
    )
    assert engine.lookups == 301
    assert engine.look_up([None], MAX_FILERS) == open_index(world / "index", KEY).look_up([None], MAX_FILERS)


@pytest.mark.slow
def test_two_workers_on_loopback_decide_as_one_machine_and_hear_nobody_else(
    world: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    table = stated(world)
    alone = outcome(open_index(world / "index", KEY), table)
    with loopback_cluster(tmp_path, environment, 2) as master, spark_session(master, environment) as session:
        assert np.array_equal(outcome(cluster(world, session, 4, 500), table), alone)
        workers = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
        assert workers == 2
        settings = session.sparkContext.getConf()
        for safe in ("spark.authenticate", "spark.network.crypto.enabled", "spark.io.encryption.enabled"):
            assert settings.get(safe) == "true"
        javas = {pid: line for pid, line in processes().items() if b"org.apache.spark" in line and mine(pid)}
        assert len(javas) >= 5  # driver, master, two workers and their executors
        assert not any(SECRET.encode() in line for line in javas.values())
        assert listening(javas)
        assert listening(javas) <= {"0100007F", "0000000000000000FFFF00000100007F"}


@pytest.mark.slow
def test_a_line_that_is_gone_when_it_is_wanted_stops_the_decision(
    world: Path, local_session: Session, tmp_path: Path
) -> None:
    lines = shutil.copytree(world / "lines", tmp_path / "lines")
    engine = open_cluster(world / "index", KEY, lines, local_session)
    (file,) = (lines / "lines").iterdir()
    kept = parquet.read_table(file)
    parquet.write_table(kept.filter(arrow.array(np.arange(kept.num_rows) % 50 != 0)), file)
    with pytest.raises(RecordEngineError, match="the cluster did not decide"):
        outcome(engine, stated(world))


def test_lines_hold_what_the_index_holds(world: Path) -> None:
    reader = Reader(world / "index", KEY)
    reader.check_all()
    table = parquet.read_table(world / "lines" / "lines").sort_by("first")
    assert b"".join(table["lines"].to_pylist()) == reader.array("lines", "<u8").tobytes()
    entries = parquet.read_table(world / "lines" / "entries").sort_by("place")
    assert np.array_equal(entries["key"].to_numpy().view(np.uint64), reader.array("entries", "<u8", 2)[:, 0])
    assert np.array_equal(
        entries["extent"].to_numpy().view(np.uint64), reader.array("entries", "<u8", 2)[:, 1]
    )
    assert len(set(table["first"].to_pylist()) - set(table["start"].to_pylist())) >= 1


def test_changed_lines_and_lines_of_another_index_are_refused(world: Path, tmp_path: Path) -> None:
    reader = Reader(world / "index", KEY)
    check_lines(reader, world / "lines")
    with pytest.raises(RecordEngineError, match="never written over"):
        write_lines(reader, world / "lines")
    build_index([world / "many.parquet"], tmp_path / "other", KEY, os.urandom)
    with pytest.raises(RecordEngineError, match="changed, or are of an index"):
        check_lines(Reader(tmp_path / "other", KEY), world / "lines")
    lines = shutil.copytree(world / "lines", tmp_path / "lines")
    (file,) = (lines / "lines").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    with pytest.raises(RecordEngineError, match="changed since"):
        check_lines(reader, lines)
    file.unlink()
    with pytest.raises(RecordEngineError, match="changed since"):
        check_lines(reader, lines)
    with pytest.raises(RecordEngineError, match="holds no lines"):
        check_lines(reader, tmp_path)


def processes() -> dict[int, bytes]:
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            found[int(entry.name)] = (entry / "cmdline").read_bytes()
        except (ValueError, OSError):
            continue
    return found


def mine(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


def listening(pids: dict[int, bytes]) -> set[str]:
    """The addresses, as the kernel writes them, on which these processes wait for connections."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(os.readlink(link))
            except OSError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].rpartition(":")[0])
    return found
