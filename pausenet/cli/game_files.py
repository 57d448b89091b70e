"""Games from files of Gambit's, as the parameters that a model of two matrices takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pausenet.errors import MalformedFile, Misuse

if TYPE_CHECKING:
    from pausenet.game.model import Model
    from pausenet.game.normal_form.game import Game

_ANY = {"strategies", "payoffs"}
_WHO = "matrix, correlated and normal-form"
_TAKEN = {"rows", "columns", "row_payoffs", "column_payoffs"}


def parameters_of(path: Path, model: Model) -> dict[str, str]:
    """What the file says, as typed; names of strategies are not carried over.

    Raises `Misuse` for a model that takes no game, and for a game not of two where two are asked
    for; `MalformedFile` for a file that is none.
    """
    taken = {each.name for each in model.parameters}
    if taken >= _ANY:
        game = game_of(path)
        return {
            "strategies": ",".join(str(count) for count in game.shape),
            "payoffs": ",".join(str(each) for paid in game.payoffs for each in paid),
        }
    if not taken >= _TAKEN:
        raise Misuse(f"{model.name}: takes no game from a file; {_WHO} do")
    game = game_of(path)
    if len(game.players) != 2:
        raise Misuse(f"{path}: expected a game of two, found {len(game.players)} players")
    sides = [
        ",".join(str(each) for row in game.matrix(player) for each in row) for player in range(2)
    ]
    rows, columns = game.shape
    return {
        "rows": str(rows),
        "columns": str(columns),
        "row_payoffs": sides[0],
        "column_payoffs": sides[1],
    }


def game_of(path: Path) -> Game:
    """The game in a file. Raises `MalformedFile`, with the place of a mistake."""
    from pausenet.game.normal_form.efg import read_efg
    from pausenet.game.normal_form.nfg import read_nfg
    from pausenet.game.normal_form.tokens import TEXT_MAX

    if path.suffix not in (".nfg", ".efg"):
        raise Misuse(f"{path}: expected a name that ends with .nfg or .efg")
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(TEXT_MAX + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedFile(str(path), 0, 0, "cannot be read as text") from error
    return (read_nfg if path.suffix == ".nfg" else read_efg)(text, path=str(path))
