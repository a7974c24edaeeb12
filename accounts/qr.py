"""A code to hold a phone's camera to, drawn as one path: no picture to fetch, and nothing that the policy stops."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def svg(text: str) -> SafeString:
    """The words beside it have to say the same: this is hidden from screen readers."""
    import qrcode  # type: ignore[import-untyped]  # Here, since every process would load it, and few draw a code.

    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" aria-hidden="true" shape-rendering="crispEdges"><path d="{1}"/></svg>',
        len(rows),
        dots,
    )
