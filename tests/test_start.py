"""What every process pays for when it starts: a web server's, a worker's, each command of `manage.py`."""

import subprocess
import sys

from dev.processes import ROOT
from tests.test_settings import SAFE

# Each takes a noticeable part of a start, and few processes ever use one of them: they are imported where that is.
LATE = {
    "django_prometheus",
    "import_export",
    "openpyxl",
    "qrcode",
    "scipy",
    "sentry_sdk",
    "tablib",
    "weasyprint",
}
START = "import sys, django; django.setup(); import mentoring.urls; print(*sys.modules)"


def test_what_few_processes_use_is_not_loaded_by_all() -> None:
    started = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=SAFE | {"DJANGO_SETTINGS_MODULE": "mentoring.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(started.stdout.split())
    assert "mentoring.sheets" in loaded
    assert loaded & LATE == set()
