"""One renderer for all tests: that it stays right from letter to letter is a part of what is tested."""

from __future__ import annotations

import pytest

from punktlig.letters.renderer import Renderer


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer()
