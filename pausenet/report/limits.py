"""`LIMITATIONS.md`, whole, as part of a page: the same words as in the repository."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

NAME: Final = "LIMITATIONS.md"
_HEADINGS: Final = {"h1": "h2", "h2": "h3", "h3": "h4"}


def limitations_path() -> Path:
    """Where the list stands: inside the installed package, or in the checkout beside it."""
    package = Path(str(files("pausenet")))
    installed = package / NAME
    return installed if installed.is_file() else package.parent / NAME


def limitations_html() -> str:
    """The list as HTML below a heading of its own: without its title, and without links.

    Links lead to other files of the repository, which do not stand beside a report.
    """
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(limitations_path().read_text(encoding="utf-8"))
    first = next(at for at, each in enumerate(tokens) if each.type == "heading_close") + 1
    kept = tokens[first:]
    for token in kept:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = [
                each for each in token.children if each.type not in ("link_open", "link_close")
            ]
    return str(markdown.renderer.render(kept, markdown.options, {}))
