"""A Spark master and workers on this machine's loopback, for tests and measures: a cluster small enough to hold in one hand."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lawgate.adapters.spark_session import LOOPBACK

_PATIENCE = 90.0  # seconds
_MASTER = re.compile(r"Starting Spark master at (spark://\S+)")
_JOINED = "Registering worker"


@contextmanager
def loopback_cluster(
    folder: Path, environment: Mapping[str, str], workers: int, memory: str = "1g"
) -> Iterator[str]:
    """Start a master and workers of one core each, and yield the master's address; all end with the block.

    ``environment`` is of ``spark_environment``. Raises TimeoutError, with the log's place, if they do not come up.
    """
    log = folder / "master.log"
    with ExitStack() as running:
        ports = ["--host", LOOPBACK, "--webui-port", "0"]
        running.enter_context(_started("master.Master", ["--port", "0", *ports], log, environment))
        master = _awaited(log, lambda text: bool(_MASTER.search(text)))
        found = _MASTER.search(master)
        address = found.group(1) if found else ""
        for number in range(workers):
            mine = ["--cores", "1", "--memory", memory, "--work-dir", str(folder / f"worker-{number}")]
            running.enter_context(
                _started(
                    "worker.Worker", [*ports, *mine, address], folder / f"worker-{number}.log", environment
                )
            )
        _awaited(log, lambda text: text.count(_JOINED) >= workers)
        yield address


@contextmanager
def _started(name: str, words: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[None]:
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  Spark's own program, with words of our own
            [str(program), f"org.apache.spark.deploy.{name}", *words],
            env={**os.environ, **environment, "SPARK_DAEMON_MEMORY": "256m"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _awaited(log: Path, there: Callable[[str], bool]) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8", errors="replace")
        if there(text):
            return text
        time.sleep(0.2)
    raise TimeoutError(f"the cluster did not come up; see {log}")
