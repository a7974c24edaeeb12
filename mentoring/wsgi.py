"""The door for a web server: `gunicorn mentoring.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
application = get_wsgi_application()


def _refuse_unless_ready() -> None:
    from accounts.setup import starting

    starting.refuse_unless_ready()


_refuse_unless_ready()
