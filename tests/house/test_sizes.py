"""A file is one idea of about 300 lines, a function about 50 (style.md 3)."""

from __future__ import annotations

import ast

from tests.house.source import name, python_files

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 80
FUNCTION_LINES_GOOD = 50
LONG_SHARE_MAX = 0.05


def functions() -> list[tuple[int, str]]:
    """Every function with its length in lines, longest first."""
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                length = node.end_lineno - node.lineno + 1
                found.append((length, f"{name(path)}:{node.lineno} {node.name}"))
    return sorted(found, reverse=True)


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_80_lines() -> None:
    assert [found for found in functions() if found[0] > FUNCTION_LINES_MAX] == []


def test_few_functions_are_longer_than_50_lines() -> None:
    found = functions()
    long = [each for each in found if each[0] > FUNCTION_LINES_GOOD]
    assert len(long) <= LONG_SHARE_MAX * len(found), long
