"""Where the envelope's window is, and which part of the sheet it shows however the sheet slides.

The measurements are working values: no standard confirmed them. Print the test page (`Renderer.test_page`) with the
print provider before the first real letter leaves.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The window of an envelope, in millimetres on the folded sheet from its upper left corner.

    `shift` is how far the sheet may slide in any direction. The address starts at `address_x`, `address_y`, and the
    facts stand at `facts_x` on the address's first line. `folds` are the heights where the sheet is folded.
    """

    x: float
    y: float
    width: float
    height: float
    shift: float
    address_x: float
    address_y: float
    facts_x: float
    folds: tuple[float, ...]

    @property
    def address_room(self) -> float:
        """How wide an address line may be, in millimetres, and still be seen when the sheet slides to the right."""
        return self.x + self.width - self.shift - self.address_x

    @property
    def facts_room(self) -> float:
        """How wide the facts beside the address may be, labels and values together, in millimetres."""
        return min(72.0, 190.0 - self.facts_x)


# C5 with the A4 sheet folded once. H2 has its window on the right, V2 on the left.
WINDOW_RIGHT = Window(
    x=101.5, y=40, width=100, height=35, shift=5, address_x=114, address_y=47, facts_x=22, folds=(148.5,)
)
WINDOW_LEFT = Window(
    x=8.5, y=40, width=100, height=35, shift=5, address_x=22, address_y=47, facts_x=120, folds=(148.5,)
)
