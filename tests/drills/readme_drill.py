"""README's two commands, as somebody types them who has nothing but Python, make and a checkout: on a bare Debian, by
an account without rights.

The demo is waited for until it says where to look, opened, and ended by Ctrl-C; of the tests a few files run, and those
in a browser do not, because the bare Debian has none. It needs root and debootstrap.
"""

import re
import shutil

from dev.processes import ROOT, free_port

from .bare_tree import CERTIFICATES, bare_tree, check_out, in_tree

FILES = "tests/test_start.py tests/test_essay.py tests/accounts/test_compression.py"
BASE = """
apt-get update
apt-get install --yes --no-install-recommends python3 python3-venv make ca-certificates
useradd --create-home visitor
chown -R visitor: /home/visitor
"""
DEMO = """
cat > /tmp/look.py <<'PY'
import http.client, sys, time
until = time.monotonic() + 600
while "Ctrl-C ends every process" not in open("/tmp/demo.log").read():
    if time.monotonic() > until:
        sys.exit("the demo did not come up:\\n" + open("/tmp/demo.log").read())
    time.sleep(1)
web = http.client.HTTPConnection("127.0.0.1", @port@, timeout=30)
web.request("GET", "/", headers={"Host": "localhost:@port@"})
answer = web.getresponse()
page = answer.read().decode()
assert answer.status == 200 and "Best Stuff" in page, (answer.status, page[:500])
print("the home page answers")
PY
runuser -u visitor -- sh -c 'cd ~visitor/best-stuff && exec make demo PORT=@port@ MAIL_PORT=@mail@' \\
    > /tmp/demo.log 2>&1 &
running=$!
trap 'cat /tmp/demo.log' EXIT
python3 /tmp/look.py
trap - EXIT
pkill -INT -f 'dev.demo --port @port@' || kill -INT $running
wait $running || true
"""
TESTS = """
runuser -u visitor -- sh -c 'cd ~visitor/best-stuff && make test ARGS="-n 0 -q @files@"'
"""


def test_what_the_readme_says_works_with_nothing_installed_before() -> None:
    said = (ROOT / "README.md").read_text()
    assert re.search(r"^    make demo$", said, re.MULTILINE)
    assert re.search(r"^    make test$", said, re.MULTILINE)
    with bare_tree("readme") as tree:
        (tree / "home" / "visitor").mkdir(parents=True)
        check_out(tree / "home" / "visitor" / "best-stuff")
        in_tree(tree, BASE + "apt-get install --yes --no-install-recommends procps\n")
        shutil.copy(CERTIFICATES, tree / CERTIFICATES.lstrip("/"))  # The machine's own, over those of Debian.
        demo = DEMO.replace("@port@", str(free_port())).replace("@mail@", str(free_port()))
        assert "the home page answers" in in_tree(tree, demo)
        assert re.search(r"\d+ passed", in_tree(tree, TESTS.replace("@files@", FILES)))
