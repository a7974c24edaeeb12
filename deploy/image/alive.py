"""Ends with 0 if the web process beside it answers as it should: the image's health check.

It asks by the host name of the installation, since others are refused; what the container was not told, the file says
that ENV_FILE names. An argument is another port than the image's.
"""

import http.client
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from accounts.setup import envfile

said = dict(os.environ)
if said.get("ENV_FILE"):
    said = envfile.read(Path(said["ENV_FILE"])) | said
port = int(sys.argv[1]) if sys.argv[1:] else 8000
web = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
web.request(
    "GET", "/livez", headers={"Host": urlsplit(said.get("PUBLIC_BASE_URL", "")).netloc or "localhost"}
)
sys.exit(0 if web.getresponse().status == 200 else 1)
