"""Prints the API's description: ``tools/describe_api.py > docs/openapi.json``. It needs no home; what it loads works on empty databases in memory."""

from __future__ import annotations

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "lawgate.service_settings"
os.environ.pop("LAWGATE_HOME", None)


def main() -> None:
    import django  # its settings are named above

    django.setup()
    from lawgate.web.api.api import PREFIX, api

    described = api.get_openapi_schema(path_prefix=f"{PREFIX[1:]}/")
    sys.stdout.write(json.dumps(described, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
