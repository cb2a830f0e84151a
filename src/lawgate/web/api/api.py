"""The API as a whole, version 1, and its description in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from lawgate.web.api import asking, collecting, overseeing
from lawgate.web.api.door import SignedCall
from lawgate.web.api.problem import PROBLEM, of_exception
from lawgate.web.api.said import Problem

PREFIX = "/api/v1"
ABOUT = """\
What requesters and overseers of a Lawgate gateway do by machine. Every call but the one for this description is signed (RFC 9421). Nothing is found by name or
record: a submission by its confirmation number, an answer by its id. Every refusal is a problem (RFC 9457) with a code of docs/codes.md.\
"""
REFUSALS: dict[str, Any] = {
    "description": "A problem, with our code, its citation and what helps",
    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Api(NinjaAPI):
    """Describes what ninja does not: that every operation may be refused, and how."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation as its function."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the description, the same in every process."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"] |= {"4XX": REFUSALS, "503": REFUSALS}
        return schema


api = Api(
    title="Lawgate",
    version="1",
    description=ABOUT,
    docs_url=None,
    urls_namespace="api",
    auth=SignedCall(),
)
for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, of_exception)
api.add_router("", asking.router)
api.add_router("", collecting.router)
api.add_router("", overseeing.router)
