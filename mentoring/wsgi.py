"""The door for a web server: `gunicorn mentoring.wsgi`."""

import contextlib
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
application = get_wsgi_application()


def _refuse_unless_ready() -> None:
    from accounts.setup import starting

    starting.refuse_unless_ready()


_refuse_unless_ready()


def _look_where_this_database_is() -> None:
    """So that nobody comes into a copy by a session of the original. Where the database is away, or its tables are not
    made yet, the clock looks in its next minute."""
    from django.db import DatabaseError, connection

    from accounts import clock
    from accounts.mail import home

    with contextlib.suppress(DatabaseError):
        home.look(clock.now())
    # Before the web server makes processes of this one, which would share it.
    connection.close()


_look_where_this_database_is()
