"""What gunicorn loads: the home is opened, or refused, before the first request."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from lawgate.service import open_reader_of
from lawgate.web.desk import gate

gate()
open_reader_of(Path(os.environ["LAWGATE_HOME"]))
application = get_wsgi_application()
