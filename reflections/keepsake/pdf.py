"""Our own page on paper, by WeasyPrint, where the libraries are that it draws letters with (Pango and what it needs).

Nothing is fetched: the only addresses it follows are those of our own fonts.
"""

import functools
import logging
from collections.abc import Callable

from PIL import ImageFile

SCHEME = "best-stuff-font:"

log = logging.getLogger(__name__)
# What these have to say of a page could quote the page.
for name in ("weasyprint", "weasyprint.progress", "fontTools"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


class Unavailable(Exception):
    """This machine lacks what a PDF is made with."""


@functools.cache
def is_available() -> bool:
    """Whether PDFs can be made here. Asked once for a process, since it loads the libraries."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:  # A library that is not there is an OSError.
        log.info("no PDF can be made here (%s)", type(error).__name__)
        return False
    # It has Pillow take pictures that end too soon, for this whole process. Photos that people send must not.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return True


def set_on_paper(page: str, font: Callable[[str], bytes]) -> bytes:
    """`page` as a tagged PDF (PDF/UA-1). `font` gives the bytes of one of our font files, or raises LookupError.

    Raises Unavailable where no PDF can be made.
    """
    if not is_available():
        raise Unavailable
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurFonts(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix(SCHEME)
            if name == url:
                raise ValueError("a keepsake book fetches nothing")
            return URLFetcherResponse(url, font(name), {"Content-Type": "font/woff2"})

    made: bytes = HTML(string=page, url_fetcher=OnlyOurFonts()).write_pdf(pdf_variant="pdf/ua-1")
    return made
