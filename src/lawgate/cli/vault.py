"""``lawgate vault``: the key that wraps data keys."""

from __future__ import annotations

from lawgate import wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, new_app, say

app = new_app("The key that wraps data keys: rotate.")


@app.callback()
def _vault() -> None:
    """The key that wraps data keys."""


@app.command("rotate")
def rotate(home: HomeOption = DEFAULT_HOME) -> None:
    """Wrap all data keys under a new wrapping key, where the settings say, and destroy the old one. Cut short, the same command goes on."""
    say(f"{wiring.rotate_keys(home)} data keys are wrapped anew; the old wrapping key is destroyed")
