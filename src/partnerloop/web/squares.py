"""A square code as the path of a drawing, so that it needs neither an image file nor a style."""

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True, slots=True)
class Square:
    """The side in modules, and the path of the dark ones."""

    side: int
    path: str


def square(text: str) -> Square:
    """This will draw a text as a square code with its quiet margin."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    places = ((x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Square(side=len(rows), path="".join(f"M{x} {y}h1v1h-1z" for x, y in places))
