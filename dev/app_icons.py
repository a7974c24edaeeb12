"""Draw the icons of the installed app from our own mark (static/mark.svg), which some systems want as PNG.

python -m dev.app_icons
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent.parent / "static" / "app"
PAPER, SHEET, KEPT, INK = "#fbfaf6", "#ffffff", "#f5b73d", "#231f1b"
# The mark on its square of 28, as in static/mark.svg.
SIDE = 28
PAGE = [(4, 2), (14, 2), (24, 12), (24, 26), (4, 26)]
EAR = [(14, 2), (14, 12), (24, 12)]
LINE = 2
FINER = 8  # Drawn so many times as big, and made smaller: lines become smooth.


def draw(side: int, *, share: float) -> Image.Image:
    """A square of `side` pixels, of which the mark takes `share`; a maskable one leaves a fifth around it."""
    big = side * FINER
    picture = Image.new("RGB", (big, big), PAPER)
    pen = ImageDraw.Draw(picture)
    scale = big * share / SIDE
    rim = (big - SIDE * scale) / 2
    line = round(LINE * scale)

    def at(points: list[tuple[int, int]]) -> list[tuple[float, float]]:
        return [(rim + x * scale, rim + y * scale) for x, y in points]

    for points, color in ((PAGE, SHEET), (EAR, KEPT)):
        shape = at(points)
        pen.polygon(shape, fill=color)
        pen.line([*shape, shape[0]], fill=INK, width=line)
        for x, y in shape:  # Round corners where lines meet.
            pen.ellipse([x - line / 2, y - line / 2, x + line / 2, y + line / 2], fill=INK)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, side, share in (
        ("icon-192", 192, 0.78),
        ("icon-512", 512, 0.78),
        ("icon-maskable-512", 512, 0.56),
        ("apple-touch-icon", 180, 0.66),
    ):
        draw(side, share=share).quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
