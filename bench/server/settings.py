"""The project's own settings, with the benchmark's addresses."""

from mentoring.settings import *  # noqa: F403 (settings are names, all of them)

ROOT_URLCONF = "bench.server.urls"
