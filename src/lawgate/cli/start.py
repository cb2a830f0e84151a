"""The program's first step: packs are read when the program is loaded, and a pack with a fault says what is wrong instead of a traceback."""

from __future__ import annotations

import sys

from lawgate.domain.errors import StatuteError


def main() -> None:
    """Load the commands and run them; exits with one of the codes of design section 6."""
    try:
        from lawgate.cli.main import main as run  # every pack is read here
    except StatuteError as fault:
        sys.stderr.write(f"lawgate: {fault}\n")
        sys.exit(fault.exit_code)
    run()
