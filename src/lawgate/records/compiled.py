"""numba as the engine uses it: compiled ahead of the first request, kept on disk, free of the interpreter's lock.

Only the modules of the compiled engine import this one, and only commands that match load them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

Words: TypeAlias = Any
"""An array of 64-bit words (``numpy.uint64``). numba gives compiled code its types; these names say what is meant."""

Bytes: TypeAlias = Any
"""An array of bytes (``numpy.uint8``)."""

Places: TypeAlias = Any
"""An array of positions or numbers (``numpy.int64``)."""

Levels: TypeAlias = Any
"""An array of odds or probabilities (``numpy.float64``)."""

Place: TypeAlias = Any
"""One position."""

Marks: TypeAlias = Any
"""An array of yes and no (``numpy.bool_``)."""

Word: TypeAlias = Any
"""One 64-bit word."""


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function into each that calls it: one that looks at a few words costs less than handing it the arrays they stand in."""
    return cast("Callable[P, R]", numba.njit(nogil=True, error_model="numpy", forceinline=True)(function))


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call; the result is kept beside the module and loaded from there by later processes."""
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
