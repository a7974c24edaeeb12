"""Ends with 0 if the web process beside it answers: the image's health check.

It is asked by another host name than that of the installation, which it may refuse: a refusal is an answer, too.
"""

import http.client
import sys

web = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
web.request("GET", "/livez", headers={"X-Forwarded-Proto": "https"})
sys.exit(0 if web.getresponse().status < 500 else 1)
