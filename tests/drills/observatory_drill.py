"""The MDN HTTP Observatory, which grades the headers of public sites, grades ours: an installation behind TLS.

It is fetched by npm, needs node 20, and runs here as it is: no request leaves the machine once it is there.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from mentoring.models import Enrollment, ProgramAdmin
from tests.browser.stack import Ground, Stack, eventually
from tests.conftest import enroll, make_person, make_program, signed_in

from .front import Certificate, Front

OBSERVATORY = "@mdn/mdn-http-observatory@1.4.8"
BEST_GRADE, AT_LEAST = "A+", 130
# The names of addresses, and who looks; "sheet" is a static file.
PAGES = [
    ("home", ""),
    ("account_login", ""),
    ("account_signup", ""),
    ("privacy", ""),
    ("manifest", ""),
    ("sheet", ""),
    ("home", "mentee"),
    ("moments:list", "mentee"),
    ("accounts:settings", "mentee"),
    ("admin:index", "admin"),
    ("admin:mentoring_pairing_changelist", "admin"),
    ("admin:mentoring_pairing_add", "admin"),
    ("admin:accounts_user_changelist", "superuser"),
]


@pytest.fixture(scope="module")
def observatory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder. Its two lists of names, of which it would fetch the newest, are empty: no site of ours is in them."""
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.fail("this drill needs node 20 and npm, and they are not on this machine")
    folder = tmp_path_factory.mktemp("observatory")
    (folder / "package.json").write_text('{"private": true}')
    options = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        ["npm", "install", *options, OBSERVATORY], cwd=folder, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"npm cannot install {OBSERVATORY}:\n{done.stderr[-2000:]}"
    package = folder / "node_modules" / OBSERVATORY.rpartition("@")[0]
    (package / "conf" / "hsts-preload.json").write_text("{}")
    (package / "conf" / "tld-list.json").write_text("[]")
    return package


@pytest.fixture(scope="module")
def stack(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stack]:
    with ground.stack(tmp_path_factory.mktemp("stack"), reach=django_db_blocker.unblock) as stack:
        yield stack


@pytest.fixture(scope="module")
def cookies(stack: Stack) -> dict[str, str]:
    """The session of each who looks."""
    stack.secret_key = settings.SECRET_KEY
    with stack.database():
        program = make_program()
        mentee = make_person("devika@harbor.example", "Devika Rao")
        enroll(program, mentee, Enrollment.Role.MENTEE)
        admin = make_person("rosa@harbor.example", "Rosa Lind")
        ProgramAdmin.objects.create(program=program, person=admin)
        superuser = make_person("root@harbor.example", "Sam Root", is_superuser=True)
        return {
            "mentee": session_of(mentee),
            "admin": session_of(admin),
            "superuser": session_of(superuser),
        }


def session_of(person: User) -> str:
    key = signed_in(person).session.session_key
    return f"__Host-sessionid={key}"


@pytest.fixture(scope="module")
def front(stack: Stack, cookies: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The installation, in the settings of production, at https://localhost and a port."""
    certificate = Certificate.new(tmp_path_factory.mktemp("certificate"))
    with Front(certificate, to=stack.port).open() as front:
        address = f"https://localhost:{front.port}"
        environment = stack.environment() | {"PUBLIC_BASE_URL": address, "TRUSTED_PROXY_COUNT": "1"}
        log = stack.folder / "web.log"
        stack.house.start("web", stack._command("web"), log=log, env=environment, grace=10.0)
        eventually(lambda: front.answers("/livez"), f"the site answers, see {log}")
        yield front


@pytest.mark.parametrize(("name", "who"), PAGES)
def test_the_observatory_gives_its_best_grade(
    observatory: Path, stack: Stack, front: Front, cookies: dict[str, str], name: str, who: str
) -> None:
    front.cookie = cookies.get(who, "")
    path = a_sheet(stack) if name == "sheet" else reverse(name)
    found = scanned(observatory, front, path)
    lost = {test: said["result"] for test, said in found["tests"].items() if not said["pass"]}
    print(f"{found['scan']['grade']} {found['scan']['score']} {path} {who or 'signed out'}")
    assert found["scan"]["statusCode"] == 200
    assert (found["scan"]["grade"], lost) == (BEST_GRADE, {})
    assert found["scan"]["score"] >= AT_LEAST
    assert found["tests"]["redirection"]["result"] == "redirection-to-https"


def test_the_observatory_would_see_what_is_amiss(observatory: Path, front: Front) -> None:
    """It is asked about a page as it would be without our headers, else the best grade would say little."""
    front.cookie, front.without = "", {"content-security-policy", "strict-transport-security"}
    try:
        found = scanned(observatory, front, "/")
    finally:
        front.without = set()
    assert found["scan"]["grade"] not in {"A+", "A", "A-"}
    assert not found["tests"]["content-security-policy"]["pass"]


def a_sheet(stack: Stack) -> str:
    """The address of a style sheet, with the hash in its name."""
    sheet = next(stack.static_root.glob("css/best.*.css"))
    return f"/static/{sheet.relative_to(stack.static_root)}"


def scanned(observatory: Path, front: Front, path: str) -> Any:
    done = subprocess.run(
        ["node", "src/scan.js", f"localhost:{front.port}{path}"],
        cwd=observatory,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(front.certificate.certificate)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
