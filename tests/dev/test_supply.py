"""What we ship, and how we know: the bill of materials, the licenses, and what an advisory service says.

The service is a real one on a socket that knows what a test lets it know.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dev import audit, licenses, sbom
from dev.locked import Package, canonical, packages
from dev.processes import ROOT, free_port

HASH = ("sha256:" + "1" * 64,)
SOUND, FAULTY = Package("vine", "5.1.0", "", HASH), Package("kombu", "5.7.0", "", HASH)


# --- The bill of materials -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bill() -> str:
    return sbom.text()


def test_the_bill_holds_every_package_of_the_lock_and_nothing_else(bill: str) -> None:
    parts = {one["purl"] for one in json.loads(bill)["components"] if "purl" in one}
    locked = {f"pkg:pypi/{canonical(one.name)}@{one.version}" for one in packages(ROOT / sbom.LOCK)}
    assert parts == locked


def test_each_part_has_its_license_and_each_package_the_hashes_of_the_lock(bill: str) -> None:
    components = json.loads(bill)["components"]
    assert all(one["licenses"] for one in components)
    hashes = {
        one.pin: {each.removeprefix("sha256:") for each in one.hashes} for one in packages(ROOT / sbom.LOCK)
    }
    for one in components:
        if "purl" in one:
            (place,) = one["externalReferences"]
            assert {each["content"] for each in place["hashes"]} == hashes[f"{one['name']}=={one['version']}"]


def test_the_bill_says_nothing_that_changes_and_not_where_packages_come_from(bill: str) -> None:
    """A second one would have the same bytes: no hour, no serial number, no address of a registry."""
    said = json.loads(bill)
    assert "serialNumber" not in said
    assert "timestamp" not in said["metadata"]
    assert {one for one in bill.split('"') if "://" in one} == {said["$schema"]}
    assert all(
        place["url"] == one["purl"]
        for one in said["components"]
        for place in one.get("externalReferences", [])
    )


def test_the_bill_names_what_the_project_itself_asks_for(bill: str) -> None:
    (root,) = json.loads(bill)["dependencies"]
    assert root["ref"] == "best-stuff"
    assert any(one.startswith("pkg:pypi/django@5.2") for one in root["dependsOn"])
    assert not any(one.startswith("pkg:pypi/vine@") for one in root["dependsOn"])


# --- Licenses ------------------------------------------------------------------------------------------------------


def test_the_page_of_licenses_says_what_the_packages_say() -> None:
    """`make licenses` would write it as it is."""
    found = {name: licenses.license_of(name) for name in licenses.shipped()}
    assert licenses.PAGE.read_text() == licenses.page(found)
    assert licenses.written() == found


def test_all_that_we_ship_may_be_passed_on_together() -> None:
    assert {name: said for name, said in licenses.written().items() if not licenses.is_allowed(said)} == {}


def test_a_license_that_forbids_it_or_that_nobody_knows_is_found() -> None:
    for expression in ("AGPL-3.0-only", "MIT AND GPL-3.0-only", "LicenseRef-Commercial", ""):
        assert not licenses.is_allowed(expression)
    assert licenses.is_allowed("GPL-2.0-or-later OR MPL-1.1")
    assert not any("(" in said for said in licenses.written().values())


def test_whatever_stands_in_static_and_is_not_ours_has_its_license_beside_it() -> None:
    told = licenses.PAGE.read_text()
    for name, license_id, words in sbom.STATIC:
        assert re.search(rf"^\| {name}, .* \| {license_id} \| `{words}` \|$", told, re.MULTILINE)
        assert (ROOT / words).read_text().strip()
    families = {path.name.partition("-latin")[0] for path in (ROOT / "static" / "fonts").glob("*.woff2")}
    assert {f"LICENSE-{family}.txt" for family in families} == {
        path.name for path in (ROOT / "static" / "fonts").glob("LICENSE-*.txt")
    }
    # Scripts of others come inside their packages; a copy in static/ would have no version and no license.
    theirs = [
        path for path in (ROOT / "static" / "js").iterdir() if "license" in path.read_text()[:2000].lower()
    ]
    assert theirs == []


# --- Advisories ----------------------------------------------------------------------------------------------------

Answering = Callable[[str, str], tuple[int, str]]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answering]]:
    """An advisory service; the last of the list says what it answers about a name and a version."""
    answering: list[Answering] = [knows]

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = answering[-1](asked["package"]["name"], asked["version"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"http://127.0.0.1:{server.server_address[1]}/v1/query")
    monkeypatch.setattr(
        audit, "in_locks", lambda: {SOUND: ["requirements.txt"], FAULTY: ["requirements-dev.txt"]}
    )
    yield answering
    server.shutdown()
    server.server_close()
    thread.join()


def advisory(name: str, number: str) -> str:
    fixed = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}
    affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [fixed]}
    return json.dumps(
        {"vulns": [{"id": number, "aliases": ["CVE-2099-1"], "summary": "A.", "affected": [affected]}]}
    )


def knows(name: str, version: str) -> tuple[int, str]:
    """As any service does: of the old Django that it is asked about first."""
    return 200, advisory(name, "OLD-1") if (name, version) == ("django", "3.2") else "{}"


def test_all_is_well_where_the_service_knows_of_nothing(
    service: list[Answering], capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("2 packages of 6 locks asked about, 0 known faults.")


def test_a_package_with_a_known_fault_is_named_with_its_lock_and_the_way_out(
    service: list[Answering], capsys: pytest.CaptureFixture[str]
) -> None:
    service.append(
        lambda name, version: (200, advisory(name, "NEW-7")) if name == "kombu" else knows(name, version)
    )
    assert audit.main() == 1
    said = capsys.readouterr().out
    assert "kombu==5.7.0 (requirements-dev.txt): CVE-2099-1 NEW-7, mended in 9.9\n" in said
    assert "vine" not in said


@pytest.mark.parametrize(
    "answer",
    [
        lambda name, version: (500, "{}"),
        lambda name, version: (200, "<p>Please sign in to this network</p>"),
        lambda name, version: (200, "{}"),  # It says of everything that it is well.
        lambda name, version: (503, "") if name == "vine" else knows(name, version),  # It stops on the way.
    ],
    ids=["fails", "is something else", "knows nothing", "stops on the way"],
)
def test_no_answer_is_no_all_clear(
    service: list[Answering], capsys: pytest.CaptureFixture[str], answer: Answering
) -> None:
    service.append(answer)
    assert audit.main() == 1
    said = capsys.readouterr()
    assert said.err.startswith("No advisory service answered, so nothing is known of these 2 packages: ")
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_nobody_there_is_no_all_clear(
    service: list[Answering], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/v1/query"
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", nowhere)
    assert audit.main() == 1
    assert capsys.readouterr().err == (
        "No advisory service answered, so nothing is known of these 2 packages: "
        f"{nowhere} cannot be reached.\n"
    )


def test_every_package_of_every_lock_is_asked_about() -> None:
    asked = audit.in_locks()
    assert {one.pin for one in asked} == {
        f"{canonical(one.name)}=={one.version}"
        for lock in Path(ROOT).glob("requirements*.txt")
        for one in packages(lock)
    }
    rounds = list(audit.rounds(list(asked)))
    assert sum(map(len, rounds)) == len(asked)
    assert all(len({one.name for one in some}) == len(some) for some in rounds)
