"""Fill the pages on games: symbols, an answer, a picture, and the table of reproduced numbers.

A page of this directory is written by hand but for its blocks: between `<!-- symbols NAME -->` or
`<!-- answer NAME -->` and `<!-- end -->` stands what the model NAME says of itself. The pictures
and reproduced.md are written whole.

python docs/games/make_pages.py           write them
python docs/games/make_pages.py --check   exit 1 unless they are what would be written
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pausenet.cli.tabulated import tabulated
from pausenet.game.catalogue import model_named, models
from pausenet.game.checks import Result, by_basis
from pausenet.game.model import Model, Parameter
from pausenet.report.game_chart import GameSource, draw

HERE = Path(__file__).resolve().parent
_BLOCK = re.compile(r"<!-- (symbols|answer) ([a-z0-9-]+) -->\n.*?<!-- end -->\n", re.DOTALL)


def main() -> int:
    """Write the pages, or compare them with what stands there."""
    made: dict[Path, bytes] = {HERE / "reproduced.md": reproduced().encode()}
    for page in sorted(HERE.glob("*.md")):
        if page.name != "reproduced.md":
            made[page] = _BLOCK.sub(_filled, page.read_text(encoding="utf-8")).encode()
    for model in models().values():
        drawn = draw(
            model.answer().picture, name=model.name, source=GameSource(game=model.name, chosen="")
        )
        made[HERE / "pictures" / f"{model.name}.svg"] = drawn.svg.encode()
    if "--check" not in sys.argv[1:]:
        (HERE / "pictures").mkdir(exist_ok=True)
        for path, content in made.items():
            path.write_bytes(content)
        return 0
    stale = [path for path, content in made.items() if _of(path) != content]
    for path in stale:
        print(f"{path.name} is stale: run python docs/games/make_pages.py", file=sys.stderr)
    return 1 if stale else 0


def _of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _filled(match: re.Match[str]) -> str:
    kind, name = match[1], match[2]
    model = model_named(name)
    inner = symbols(model) if kind == "symbols" else answer(model)
    return f"<!-- {kind} {name} -->\n{inner}<!-- end -->\n"


def symbols(model: Model) -> str:
    """The table of symbols, identifiers and units."""
    lines = ["| symbol | identifier | unit | default | meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| {each.symbol} | `{each.name}` | {each.unit} | {_default(each)} | {each.meaning} |"
        for each in model.parameters
    ]
    return "\n".join((*lines, ""))


def _default(parameter: Parameter) -> str:
    value = parameter.default
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def answer(model: Model) -> str:
    """What the model says with its defaults, and its picture."""
    found = model.answer()
    tables = "\n".join(tabulated(table) for table in found.tables)
    lines = [
        f"`pausenet game {model.name}` says:",
        "",
        f"```text\n{tables}```",
        "",
        f"**{found.sentence}** Not shown: {found.not_shown}",
        "",
        f"![{found.picture.title}](pictures/{model.name}.svg)",
    ]
    return "\n".join((*lines, ""))


def reproduced() -> str:
    """Every number stated beside ours."""
    results = [(model, check.result()) for model in models().values() for check in model.checks]
    agree = sum(result.agrees for _, result in results)
    split = by_basis(result.check for _, result in results)
    lines = [
        "# Stated numbers, computed again",
        "",
        f"{agree} of {len(results)} numbers come out as stated. Who stated them: {split}. Made by "
        "`docs/games/make_pages.py`; `pausenet reproduce --all` prints the same.",
        "",
        "A fraction or a whole number must come out exactly, a decimal numeral must be what ours "
        "rounds to, unless a tolerance stands beside it. *Basis* says who stated the number: the "
        "paper itself, its code, or a derivation of ours from the paper's model, some worked "
        "by hand: only the first two are numbers that somebody else published. "
        "*Source* is the paper that the model follows; `reference-scenario` is a scenario of this "
        "project, no paper.",
        "",
        "| source | table or equation | game | number | stated | ours | | basis |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(model, result) for model, result in results]
    return "\n".join((*lines, ""))


def _row(model: Model, result: Result) -> str:
    check = result.check
    within = f" ± {check.within:g}" if check.within else ""
    verdict = "agrees" if result.agrees else "**differs**"
    cells = (
        check.paper.key,
        check.where,
        f"`{model.name}`",
        check.what,
        f"{check.stated}{within}",
        result.spelled,
        verdict,
        str(check.basis),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
