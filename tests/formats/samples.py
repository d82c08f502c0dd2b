"""Where the sample files are, and how to read one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from punktlig.formats.reader import read_invoice

if TYPE_CHECKING:
    from punktlig.core.invoice import Invoice

SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLE_FILES = sorted(SAMPLES.rglob("*.xml"))


def sample(name: str) -> bytes:
    """Return the bytes of the sample with this file name."""
    return next(path for path in SAMPLE_FILES if path.name == name).read_bytes()


def read_sample(name: str) -> Invoice:
    """Return the invoice in the sample with this file name."""
    return read_invoice(sample(name))
