"""An öre that passes through a binary fraction may be lost, so the rules and the formats know none."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import modules_of, shown, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLOAT_LIBRARIES = {"math", "cmath", "statistics", "numpy", "random"}
_MAKES_DECIMAL = {"Decimal", "as_decimal", "quantize", "scaleb"}


def float_uses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, what) for everything in the code that is, or may become, a float."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="float") | ast.Attribute(attr="float"):
                yield node.lineno, "the type float"
            case ast.Constant(value=float() | complex() as value):
                yield node.lineno, f"the literal {value}"
            case ast.BinOp(op=ast.Div()) if not (_is_decimal(node.left) or _is_decimal(node.right)):
                yield node.lineno, "a true division without a Decimal in sight; use // or divide_half_up"
            case ast.AugAssign(op=ast.Div()) if not _is_decimal(node.value):
                yield node.lineno, "a true division without a Decimal in sight; use // or divide_half_up"
            case ast.Call(func=ast.Name(id="round")):
                yield node.lineno, "round(), which rounds halves to even; use divide_half_up"
            case ast.Import(names=names) if any(name.name.split(".")[0] in _FLOAT_LIBRARIES for name in names):
                yield node.lineno, "a library that computes with floats"
            case ast.ImportFrom(module=str() as module, level=0) if module.split(".")[0] in _FLOAT_LIBRARIES:
                yield node.lineno, "a library that computes with floats"
            case _:
                pass


def _is_decimal(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in _MAKES_DECIMAL
        case ast.BinOp():
            return _is_decimal(node.left) or _is_decimal(node.right)
        case _:
            return False


@pytest.mark.parametrize("module", modules_of("core", "formats"), ids=shown)
def test_no_float_comes_near_money(module: Path) -> None:
    assert list(float_uses(tree_of(module))) == []


@pytest.mark.parametrize(
    "code",
    [
        "rate: float = rows[0]",
        "amount = float(text)",
        "fee = 60.0",
        "half = ore / 2",
        "ore /= 2",
        "ore = round(total)",
        "import math",
        "from math import floor",
        "import builtins; amount = builtins.float(text)",
        "share = (a + b) / (c - d)",
    ],
)
def test_a_float_would_be_found(code: str) -> None:
    assert list(float_uses(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "whole = ore // 2",
        "percent = Decimal(units) / 100",
        "part = amount.as_decimal() * row.percent / 100",
        "text = '1200.00'",
        "from collections.abc import Iterator",
    ],
)
def test_exact_arithmetic_is_left_alone(code: str) -> None:
    assert list(float_uses(ast.parse(code))) == []
