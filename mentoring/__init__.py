"""The project (settings, urls, celery) and the app for programs, enrollments, pairings and meetings."""

from .celery import app as celery_app

__all__ = ["celery_app"]
