"""What the tests of this folder look at: the repository's own files."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "punktlig"
_MADE = {".git", ".venv", "build", "dist", "demo", "__pycache__"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that belong to the repository; in an unpacked archive, all that is not made by a tool."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not _MADE.intersection(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules_of(*floors: str) -> list[Path]:
    """Return the modules on these floors of the package, such as `core`, and fail if a floor is empty."""
    found = []
    for floor in floors:
        modules = sorted((PACKAGE / floor).rglob("*.py"))
        assert modules, f"src/punktlig/{floor} has no module: was it moved?"
        found += modules
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))
