"""What each account may do in the memory's database: the writer what the gateway does, the reader what shows nothing of a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

from lawgate.domain.errors import SettingsError

SEALED: Mapping[str, frozenset[str]] = {
    "submission": frozenset({"body"}),
    "linecount": frozenset(),
    "agency": frozenset(),
    "officeholder": frozenset({"name"}),
    "agreement": frozenset(),
    "safeguard": frozenset(),
    "key": frozenset({"public", "recipient", "custody", "relying_party"}),
    "stop": frozenset({"subject", "authority"}),
    "entry": frozenset(),
    "head": frozenset(),
}
"""The tables that the reader sees, each with the columns that it does not. Every other table is hidden whole: lines and all that is said of them."""

UPDATED: Mapping[str, tuple[str, ...]] = {
    "submission": ("acknowledged",),
    "linecount": ("lines",),
    "line": ("state", "disposition", "codes", "status", "approval", "batch_id"),
    "answer": ("handed_over_at", "acknowledged_at", "owed", "end_days"),
    "agency": ("until",),
    "officeholder": ("until",),
    "agreement": ("until",),
    "safeguard": ("until",),
    "key": ("until",),
    "stop": ("lifted_at", "lift_sha256"),
    "head": ("note",),
}
"""The only columns that are ever changed. What is not named is added and stays: entries, decisions, look-ups, accounting."""
FORGOTTEN = ("arriving", "stated")
"""The only tables from which rows are removed: those of a submission that never became whole."""


def readable() -> dict[str, tuple[str, ...]]:
    """Return the columns that the reader sees, by table, as the database names them."""
    return {
        model._meta.db_table: tuple(
            field.column for field in model._meta.concrete_fields if field.column not in SEALED[name]
        )
        for name in SEALED
        for model in (apps.get_model("store", name),)
    }


def rights(writer: str, reader: str) -> str:
    """Write the statements of PostgreSQL's that give two accounts what the gateway needs and no more. Run again they change nothing.

    Raises SettingsError for a name that is none.
    """
    for name in (writer, reader):
        if not name.isidentifier() or not name.isascii() or name != name.lower():
            raise SettingsError("an account's name here is lower-case letters, digits and underscores")
    tables = {model._meta.model_name or "": model for model in apps.get_app_config("store").get_models()}
    lines = ["BEGIN;"]
    for account, more in (
        (writer, ""),
        (reader, f" ALTER ROLE {reader} SET default_transaction_read_only = on;"),
    ):
        lines += [
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{account}') THEN CREATE ROLE {account} LOGIN;{more} END IF; END $$;",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {account};",
            f"GRANT USAGE ON SCHEMA public TO {account};",
        ]
    lines += [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        f"GRANT SELECT ON django_migrations TO {writer};",
    ]
    for name, model in sorted(tables.items()):
        table = model._meta.db_table
        lines.append(f"GRANT SELECT, INSERT ON {table} TO {writer};")
        if name in UPDATED:
            lines.append(f"GRANT UPDATE ({_columns(UPDATED[name])}) ON {table} TO {writer};")
        if name in FORGOTTEN:
            lines.append(f"GRANT DELETE ON {table} TO {writer};")
    lines += [
        f"GRANT SELECT ({_columns(columns)}) ON {table} TO {reader};"
        for table, columns in sorted(readable().items())
    ]
    return "\n".join([*lines, "COMMIT;"])


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
