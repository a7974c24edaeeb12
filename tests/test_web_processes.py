"""Two web processes on two machines: each sees what the other was sent, and neither keeps anything on its disk.

Each has a working folder, a home and a temporary folder of its own, and shares only the database, Redis and the bucket
with the other. Every file that one opens to write, folder that it makes and name that it changes is written down by an
audit hook in it (PEP 578).
"""

import json
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from accounts.media.setting import BucketPlace
from accounts.models import MailAside, Photo, User
from dev.processes import ROOT, free_port
from mentoring.models import Import, Program, ResourceFile
from tests.accounts.mail.inbound.conftest import mail
from tests.accounts.mail.inbound.test_webhooks import postmark_mail
from tests.accounts.media.s3 import ACCESS, SECRET, Server, serving
from tests.accounts.media.test_photos import sent
from tests.browser.stack import Ground, Stack, eventually, manage
from tests.conftest import PASSWORD, make_admin, make_mentor, make_program

HOOK = "best:a-secret-of-the-provider"
POSTBOX = "post@in.harbor.example"
# A module of Python that is loaded by gunicorn as its configuration. Nothing in it that it writes by is itself heard.
CONFIGURATION = """
exec(open({configuration!r}).read())
workers, threads = 1, 4

def post_worker_init(worker):
    import os, sys
    told = os.open({told!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    changes = {{"os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "shutil.copyfile", "shutil.move"}}

    def hear(event, arguments):
        if event == "open" and isinstance(arguments[0], (str, bytes)) and arguments[2] & writes:
            os.write(told, f"{{event}} {{os.fsdecode(arguments[0])}}\\n".encode())
        elif event in changes:
            os.write(told, f"{{event}} {{arguments[0]}}\\n".encode())

    sys.addaudithook(hear)
"""


@dataclass
class Machine:
    """One web process, and a browser that knows only this one."""

    folder: Path
    port: int
    browser: requests.Session

    def url(self, path: str) -> str:
        return f"http://localhost:{self.port}{path}"

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self.url(path), timeout=30)

    def post(self, path: str, data: dict[str, Any], page: str = "", **files: Any) -> requests.Response:
        """As somebody who fills in the form of `page` and presses its button."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page or path).text)
        assert found
        data = data | {"csrfmiddlewaretoken": found[1]}
        return self.browser.post(self.url(path), data=data, files=files or None, timeout=30)

    def sign_in(self, email: str) -> None:
        self.browser = requests.Session()
        answer = self.post("/account/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == 200
        assert "sessionid" in self.browser.cookies

    def written(self) -> list[str]:
        """What the process has opened to write, outside its temporary folder."""
        told = (self.folder / "told").read_text().splitlines()
        temporary = str(self.folder / "tmp")
        return [line for line in told if not line.split(" ", 1)[1].startswith((temporary, "/dev/null"))]

    def told(self) -> int:
        return len((self.folder / "told").read_text().splitlines())

    def files(self) -> set[str]:
        kept = {"told", "conf.py", "log"}
        return {
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.is_file() and path.name not in kept
        }


@pytest.fixture(scope="module")
def s3() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def place(s3: Server) -> BucketPlace:
    return s3.new_place("files")


@pytest.fixture(scope="module")
def stack(
    ground: Ground,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    s3: Server,
    place: BucketPlace,
) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with ground.stack(folder, reach=django_db_blocker.unblock) as stack:
        stack.variables = {
            "MEDIA": str(place),
            "S3_ENDPOINT_URL": s3.address,
            "S3_ACCESS_KEY_ID": ACCESS,
            "S3_SECRET_ACCESS_KEY": SECRET,
            "ANYMAIL_PROVIDERS": "postmark",
            "ANYMAIL_WEBHOOK_SECRET": HOOK,
            "INBOUND_AUTHSERV_ID": "mx.harbor.example",
            "INBOUND_ADDRESS": POSTBOX,
        }
        with stack.database():
            program = make_program()
            for person in (make_admin(program), make_mentor(program)):
                EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
                # As an installation hashes it, which the tests do not.
                person.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-a-test")
                person.save(update_fields=["password"])
        yield stack


@pytest.fixture(scope="module")
def machines(stack: Stack) -> list[Machine]:
    made = []
    for name in ("north", "south"):
        folder, port = stack.folder / name, free_port()
        for each in ("work", "home", "tmp"):
            (folder / each).mkdir(parents=True)
        conf = folder / "conf.py"
        conf.write_text(
            CONFIGURATION.format(configuration=str(ROOT / "gunicorn.conf.py"), told=str(folder / "told"))
        )
        environment = stack.environment() | {
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "PUBLIC_BASE_URL": f"http://localhost:{port}",
        }
        stack.house.start(
            name,
            [sys.executable, "-m", "gunicorn", "--config", conf, "--bind", f"127.0.0.1:{port}"],
            log=folder / "log",
            env=environment,
            cwd=folder / "work",
        )
        machine = Machine(folder, port, requests.Session())
        eventually(lambda machine=machine: _answers(machine), f"{name} answers")  # type: ignore[misc]
        made.append(machine)
    return made


def _answers(machine: Machine) -> bool:
    try:
        return machine.get("/livez").status_code == 200
    except requests.ConnectionError:
        return False


def test_each_sees_what_the_other_was_sent_and_neither_keeps_anything(
    machines: list[Machine], stack: Stack, s3: Server, place: BucketPlace
) -> None:
    north, south = machines
    with stack.database():
        program = Program.objects.get()
        mentor, admin = (User.objects.get(email=f"{name}@harbor.example") for name in ("noor", "rosa"))

    # A photo, by the north, seen in the south.
    north.sign_in(mentor.email)
    form = {"name": mentor.name, "pronouns_for": "me"}
    assert (
        "Your profile is kept."
        in north.post("/profile/", form, chosen_photo=("me.png", sent(), "image/png")).text
    )
    with stack.database():
        photo = Photo.objects.get()
        mentor.refresh_from_db()
    south.sign_in(mentor.email)
    seen = south.get(f"/people/{mentor.pk}/photo/{mentor.photo_key}/")
    assert seen.status_code == 200
    assert seen.content == s3.objects(place)[f"files/{photo.stored_as[:2]}/{photo.stored_as}"]

    # A file that is too large for memory, by the south, saved in the north.
    south.sign_in(admin.email)
    guide = b"%PDF-1.7 " + b"of a long guide " * 200_000
    said = {"program": program.pk, "title": "A guide", "for_role": "all", "stage": "any"}
    said |= {"position": 0, "is_offered": "on"}
    before = south.told()
    answer = south.post("/admin/mentoring/resource/add/", said, file=("guide.pdf", guide, "application/pdf"))
    assert answer.status_code == 200
    assert south.told() > before  # The upload lay in the temporary folder: so the hook hears.
    with stack.database():
        file = ResourceFile.objects.get()
        assert (bytes(file.content), file.size) == (b"", len(guide))
    saved = north.get(f"/programs/{program.pk}/resources/{file.pk}/file/")
    assert saved.content == guide

    # A list of people, an export of a list, an export of one's own.
    people = BytesIO(b"E-mail,Name,Role\na@new.example,Ada,mentor\n")
    page = south.post(
        "/admin/mentoring/import/add/",
        {"program": program.pk, "kind": "people"},
        file=("a.csv", people, "text/csv"),
    )
    assert "There is 1 row in this file" in re.sub(r"\s+", " ", page.text)
    with stack.database():
        assert Import.objects.count() == 1
    exported = south.post("/admin/mentoring/enrollment/export/", {"format": "xlsx"})
    assert exported.headers["Content-Disposition"].startswith("attachment")
    assert exported.content[:2] == b"PK"
    asked = north.post("/settings/data/export/", {}, page="/settings/data/")
    assert asked.status_code == 200

    # An e-mail over which we trip, by the north's hook, taken up where any command runs.
    with stack.database(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_maillink RENAME TO mail_away")
    event = postmark_mail(POSTBOX.replace("@", "+s-x@"), mail(POSTBOX.replace("@", "+s-x@")))
    basic = {
        "Authorization": f"Basic {b64encode(HOOK.encode()).decode()}",
        "Content-Type": "application/json",
    }
    hooked = requests.post(
        north.url("/mail/hooks/postmark/inbound/"), data=json.dumps(event), headers=basic, timeout=30
    )
    assert hooked.status_code == 200
    with stack.database(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_away RENAME TO mail_maillink")
        assert MailAside.objects.count() == 1
    assert manage(stack.environment(), "receive", "--aside").strip() == "1 taken, 0 left"

    for machine in machines:
        assert machine.written() == []
        assert machine.files() == set()
