"""Run in the tree of debian_drill.py: somebody signs in over https by the code that an e-mail brings.

    python over_https.py FOLDER_OF_MAIL

Ends with 0 when they are in; the certificate is the drill's own and is not looked at.
"""

import http.cookiejar
import re
import ssl
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

BASE = "https://mentoring.example.org"
WHO = "you@example.org"


def main(mail: Path) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
    )
    opener.addheaders = [("Referer", f"{BASE}/account/login/")]

    def post(url: str, page: str, **fields: str) -> tuple[str, str]:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:500]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        with opener.open(url, data, timeout=60) as answer:
            return answer.url, answer.read().decode()

    before = set(mail.glob("mail-*"))
    with opener.open(f"{BASE}/account/login/code/", timeout=60) as answer:
        page = answer.read().decode()
    url, page = post(f"{BASE}/account/login/code/", page, email=WHO)
    code = None
    for _ in range(60):
        came = [one.read_text() for one in set(mail.glob("mail-*")) - before]
        code = next(
            (c for text in came for c in re.findall(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text, re.M)),
            None,
        )
        if code:
            break
        time.sleep(0.5)
    assert code, f"no code came; {len(came)} e-mails"
    post(url, page, code=code)
    with opener.open(f"{BASE}/account/", timeout=60) as answer:
        assert "/login/" not in answer.url, answer.url
    print("signed in")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
