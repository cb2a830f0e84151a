"""A Spark session in which nothing leaves this machine's loopback or lies on a disk in clear, with its secret in no argument.

Needs the extra ``spark`` and a Java runtime.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from lawgate.adapters.durable import make_folder, write_atomic

Session: TypeAlias = Any
"""A ``pyspark.sql.SparkSession``."""

LOOPBACK = "127.0.0.1"
_KEY_BITS = 256
_PATIENCE = 60  # seconds for Java to end
_SAFE = {
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.cipher": "AES/GCM/NoPadding",
    "spark.io.encryption.enabled": "true",
    "spark.io.encryption.keySizeBits": str(_KEY_BITS),
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.master.rest.enabled": "false",
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
}


def spark_environment(folder: Path, secret: str, memory: str = "1g") -> dict[str, str]:
    """Write the configuration for one run into a folder, for this user alone, and return the environment that leads Spark to it.

    The secret stands in that file; neither an argument nor a log has it. ``memory`` is the driver's and each executor's.
    """
    make_folder(folder)
    make_folder(folder / "local")
    settings = {
        **_SAFE,
        "spark.authenticate.secret": secret,
        "spark.local.dir": str(folder / "local"),
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.driver.maxResultSize": "0",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        # How the work is cut is this project's own affair: the kernel takes whole chunks.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.broadcastTimeout": "3600",
        "spark.log.level": "WARN",
    }
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    write_atomic(folder / "spark-defaults.conf", text.encode())
    return {
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": LOOPBACK,
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


@contextmanager
def spark_session(master: str, environment: Mapping[str, str]) -> Iterator[Session]:
    """Open a session at ``local[N]`` or ``spark://host:port`` with what ``spark_environment`` made, and end it, and Java, with the block.

    A process has one session at a time.
    """
    from pyspark import SparkContext  # 400 MB, and a Java runtime: only who works with a cluster has it
    from pyspark.sql import SparkSession

    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        session = SparkSession.builder.master(master).appName("lawgate").getOrCreate()
        gateway = session.sparkContext._gateway
        try:
            yield session
        finally:
            session.stop()
            # Left running, Java would keep a secret it made for local mode and offer it to a cluster, which refuses it.
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(_PATIENCE)
            SparkContext._gateway = SparkContext._jvm = None
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
