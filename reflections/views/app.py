"""What makes the site an app on somebody's phone (W3C Web Application Manifest)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

PAPER = "#fbfaf6"


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """In the language of whoever installs it. A shared text only fills the form; see `moments.share`."""
    home, new = reverse("home"), reverse("moments:new")
    return JsonResponse(
        {
            "id": home,
            "name": "Best Stuff",
            "short_name": "Best Stuff",
            "description": _("Keep what went well, and look back on it four times a year."),
            "lang": get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
            "start_url": home,
            "scope": home,
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                _icon("app/icon-192.png", "192x192"),
                _icon("app/icon-512.png", "512x512"),
                _icon("app/icon-maskable-512.png", "512x512", purpose="maskable"),
                {"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
            "shortcuts": [
                {"name": _("Keep a moment"), "short_name": pgettext("a moment", "Keep"), "url": new},
                {"name": _("Your moments"), "url": reverse("moments:list")},
            ],
            "share_target": {
                "action": reverse("moments:share"),
                "method": "POST",
                "enctype": "application/x-www-form-urlencoded",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        },
        content_type="application/manifest+json",
    )


def _icon(path: str, sizes: str, **more: str) -> dict[str, str]:
    return {"src": static(path), "sizes": sizes, "type": "image/png", **more}
