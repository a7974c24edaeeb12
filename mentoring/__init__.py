"""The project (settings, urls, celery) and the app for programs, enrollments, pairings and meetings."""

import gc

from .celery import app as celery_app

__all__ = ["celery_app"]

# Whatever starts makes hundreds of thousands of objects that stay. By Python's own 700 they would be looked through for
# garbage again and again, for a tenth of the time that a start takes. Garbage lies there for a moment longer instead.
gc.set_threshold(10_000, 20, 20)
