"""What each answer tells a browser not to do, besides the content security policy of the settings.

It is measured: tests/drills/observatory_drill.py lets the MDN HTTP Observatory grade the pages. Needs
no Django set up: the settings name `of_static_file`.
"""

from collections.abc import Callable, MutableMapping

from django.http import HttpRequest, HttpResponse

# Of what is to be saved or shown as a picture, and never to act: a file is no page, whatever a browser sees in it.
SANDBOXED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
OF_STATIC_FILES = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

# https://www.w3.org/TR/permissions-policy/: what no page of ours asks a browser for. Passkeys and the clipboard's
# writing half are for our own pages alone.
_NEVER = (
    *(
        "accelerometer",
        "autoplay",
        "camera",
        "clipboard-read",
        "display-capture",
        "encrypted-media",
        "fullscreen",
    ),
    *(
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
    ),
    *("payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb", "web-share"),
    "xr-spatial-tracking",
)
_OURS = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in _NEVER), *(f"{name}=(self)" for name in _OURS)])

# No other site's page may load an answer of ours as a picture, a script or a frame, and ours load nothing of theirs.
HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
POLICY = "Content-Security-Policy"


class IsolationMiddleware:
    """Gives each answer these headers, and each file to save a policy under which nothing in it may act.

    Stands inside the middleware of the content security policy, which leaves alone what is there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.get("Content-Disposition", "").startswith("attachment"):
            response.headers.setdefault(POLICY, SANDBOXED)
        return response


def of_static_file(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Adds to the headers that WhiteNoise sends with this file."""
    headers[POLICY] = OF_STATIC_FILES
    for name, value in HEADERS.items():
        headers[name] = value
