"""What gunicorn loads: the home is opened, or refused, before the first request."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from lawgate.web.desk import gate

gate()
application = get_wsgi_application()
