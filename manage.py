#!/usr/bin/env python
"""Django's command line for Best Stuff."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    if sys.argv[1:2] == ["init"]:  # What makes the settings comes before they are read.
        from accounts.setup.begin import begin

        begin(sys.argv[2:], os.environ)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
