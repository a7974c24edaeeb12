"""Readies the demo's database and files, in a process of its own with the demo's settings: `python -m dev.prepare`.

Each line of its output is the name of a step that begins; what the steps themselves say goes to its error output.
"""

import json
import os
import sys
from pathlib import Path

PEOPLE = 40


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    step("Translations")
    from dev import messages

    messages.compile_all()

    import django

    step("Tables")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, stdout=sys.stderr)
    step("Styles, scripts, fonts")
    call_command("collectstatic", interactive=False, verbosity=0, stdout=sys.stderr)
    step("The people of the demo (longer the first time)")
    call_command("seed_demo", people=PEOPLE, stdout=sys.stderr)

    from accounts.mail import links
    from reflections.demo.invitations import link_to_show
    from reflections.demo.people import SIGN_INS

    link = link_to_show()
    joining = links.absolute("join:open", link.token) if link else ""
    Path(sys.argv[1]).write_text(json.dumps({"sign_ins": SIGN_INS, "join": joining}))


def step(name: str) -> None:
    print(name, flush=True)


if __name__ == "__main__":
    main()
