"""An A4 sheet to set type and draw on: its colours, its letters, its margins and what stands at every foot."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

#: Letters of more than western Europe, where the system has them (Debian: fonts-dejavu-core).
FONTS = Path("/usr/share/fonts/truetype/dejavu")
MARGIN_MM, FOOT_MM = 16.0, 16.0
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
#: The height of a line beside the size of its type in points.
_LINE_MM_PER_PT = 0.48
#: Signs that the built-in letters lack, and what stands in for them.
_PLAIN = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "…": "...", "→": "->", "≥": ">=", "≤": "<=", "‘": "'", "’": "'", "‚": ",",
     "“": '"', "”": '"', "„": '"', "•": "-", "✓": "v", "▲": "^", "●": "o", "\u202f": " ", "\u2009": " "}
)  # fmt: skip

Colour = tuple[int, int, int]
INK: Colour = (15, 30, 41)
SOFT: Colour = (65, 86, 103)
PALE: Colour = (240, 244, 247)
RULE: Colour = (188, 202, 212)
WHITE: Colour = (255, 255, 255)
ICE: Colour = (0, 90, 156)
STATUS: dict[str, Colour] = {
    "clear": (10, 107, 55), "unsure": (125, 80, 0), "sign": (176, 34, 26), "not-assessed": SOFT,
}  # fmt: skip


class Sheet(FPDF):
    """A document of A4 pages. Lengths are millimetres from the upper left corner, type sizes points."""

    def __init__(self, foot: str, *, fonts: Path = FONTS) -> None:
        """``foot`` stands below every page, with its number. Without ``fonts`` letters are those of Latin-1."""
        super().__init__(unit="mm", format="A4")
        self.foot = foot
        self.has_fonts = (fonts / "DejaVuSans.ttf").is_file() and (fonts / "DejaVuSans-Bold.ttf").is_file()
        if self.has_fonts:
            self.add_font("body", "", fonts / "DejaVuSans.ttf")
            self.add_font("body", "B", fonts / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, FOOT_MM + 4)
        self.alias_nb_pages()

    @property
    def inside_mm(self) -> float:
        """The width between the margins."""
        return WIDTH_MM - 2 * MARGIN_MM

    def letters(self, words: str) -> str:
        """Return a text in the letters that there are; what has no stand-in becomes a question mark."""
        return words if self.has_fonts else words.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")

    def type(self, size_pt: float, colour: Colour = INK, *, bold: bool = False) -> None:
        """Set what is written next in this size, weight and colour."""
        self.set_font("body" if self.has_fonts else "Helvetica", "B" if bold else "", size_pt)
        self.set_text_color(*colour)

    def lines_mm(self, words: str, width_mm: float, size_pt: float, *, bold: bool = False) -> float:
        """Return how high a text stands in lines of this width."""
        self.type(size_pt, bold=bold)
        # The library's answer is of the type that `output` asks for, which its annotation does not say.
        height = self.multi_cell(
            width_mm, size_pt * _LINE_MM_PER_PT, self.letters(words), dry_run=True, output=MethodReturnValue.HEIGHT,
            align="L", padding=0,
        )  # fmt: skip
        return cast(float, height)

    def put(
        self, words: str, at: tuple[float, float], width_mm: float, size_pt: float, colour: Colour = INK,
        *, bold: bool = False, align: str = "L",
    ) -> float:  # fmt: skip
        """Write a text from a point on, in lines of this width; return where the next line would stand."""
        self.type(size_pt, colour, bold=bold)
        self.set_xy(*at)
        self.c_margin = 0
        self.multi_cell(
            width_mm, size_pt * _LINE_MM_PER_PT, self.letters(words), align=align, new_x="LEFT", new_y="NEXT"
        )
        return float(self.get_y())

    def word(
        self, words: str, at: tuple[float, float], size_pt: float, colour: Colour, anchor: str, bold: bool
    ) -> None:
        """Write one word with its base line at a point, which is its start, middle or end."""
        self.type(size_pt, colour, bold=bold)
        said = self.letters(words)
        self.text(at[0] - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * self.get_string_width(said), at[1], said)

    def panel(self, left: float, top: float, width: float, height: float, colour: Colour = PALE) -> None:
        """Fill a rounded area."""
        self.set_fill_color(*colour)
        self.rect(left, top, width, height, style="F", round_corners=True, corner_radius=2.4)

    def room(self, height_mm: float) -> None:
        """Begin a new page where so much does not fit on this one any more."""
        if self.get_y() + height_mm > HEIGHT_MM - FOOT_MM - 4:
            self.add_page()

    def heading(self, words: str, *, needs_mm: float = 30.0) -> None:
        """Write the heading of a section, together with at least ``needs_mm`` of what follows."""
        self.room(14 + needs_mm)
        y = self.put(words, (MARGIN_MM, self.get_y() + 5), self.inside_mm, 15, bold=True)
        self.set_xy(MARGIN_MM, y + 2.5)

    def footer(self) -> None:
        """What stands at the foot of every page."""
        # The page may not break while its foot is written.
        self.set_auto_page_break(False)
        self.put(self.foot, (MARGIN_MM, HEIGHT_MM - FOOT_MM), self.inside_mm - 22, 7, SOFT)
        self.put(f"{self.page_no()} / {{nb}}", (WIDTH_MM - MARGIN_MM - 20, HEIGHT_MM - FOOT_MM), 20, 8, SOFT, align="R")
        self.set_auto_page_break(True, FOOT_MM + 4)
