"""The requester's form: who asks, under what, for what use; what the official will sign."""

from __future__ import annotations

import tomllib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from lawgate.domain.errors import MalformedRequestError
from lawgate.intake.fields import is_column, shown

Filled = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Form(BaseModel):
    """One submission's form. ``columns`` maps our dotted column names to the CSV file's own; nothing is guessed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    agency: Filled
    office: Filled
    holder: Filled
    delegation: Annotated[str, StringConstraints(max_length=4000)] = ""
    pack: Filled
    agreement: Filled
    certification: Filled
    columns: dict[str, str] = {}  # pydantic copies a default for each instance


def parse_form(text: str) -> Form:
    """Read a form written in TOML. Raises MalformedRequestError ("102") naming the members that are wrong or missing."""
    try:
        form = Form.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise MalformedRequestError("102", "the form is not TOML") from None
    except ValidationError as error:
        names = sorted({shown(str(detail["loc"][0])) for detail in error.errors(include_input=False)})
        raise MalformedRequestError("102", f"wrong in the form: {', '.join(names)}") from None
    if not all(map(is_column, form.columns)) or len(set(form.columns.values())) != len(form.columns):
        raise MalformedRequestError("102", "wrong in the form: columns")
    return form
