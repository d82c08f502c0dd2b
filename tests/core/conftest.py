"""Property tests are the same in every run: no time limit, no random seed and nothing remembered between runs."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("quick", max_examples=100, derandomize=True, deadline=None, database=None)
settings.load_profile("quick")
