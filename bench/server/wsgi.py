"""One process, two doors: the site with its middleware, and /hello/ with none at all."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.server.settings")
site = get_wsgi_application()

_middleware = settings.MIDDLEWARE
settings.MIDDLEWARE = []
bare = WSGIHandler()
settings.MIDDLEWARE = _middleware


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    handler = bare if environ["PATH_INFO"] == "/hello/" else site
    return handler(environ, start_response)
