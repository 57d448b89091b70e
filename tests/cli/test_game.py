"""`pausenet game` and `pausenet reproduce`, as people call them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from pausenet.cli.main import invoke
from pausenet.game.catalogue import models


def test_a_model_is_asked_by_its_name_and_says_how_to_repeat_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["game", "deterrence", "--param", "detection=1/50", "--param", "delay=6"]
    assert invoke(arguments, debug=False) == 0
    out = capsys.readouterr().out
    assert "does not deter" in out
    assert out.endswith("Repeat: pausenet game deterrence --param detection=1/50 --param delay=6\n")


def test_an_answer_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["game", "deterrence", "--format", "json"], debug=False) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parameters"]["discount"] == "97/100"
    assert found["tables"][0]["rows"][1] == ["what is needed, K", 0.5]


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_picture_is_the_same_whenever_it_is_drawn_and_never_overwritten(
    tmp_path: Path, suffix: str
) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    for path in (first, second):
        assert invoke(["game", "deterrence", "--chart", str(path)], debug=False) == 0
    assert first.read_bytes() == second.read_bytes()
    assert invoke(["game", "deterrence", "--chart", str(first)], debug=False) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["deterrence", "--param", "detection"],
        ["deterrence", "--param", "detection=2"],
        ["deterrence", "--param", "delay=1", "--param", "delay=2"],
        ["deterrence", "--chart", "picture.gif"],
        ["deterrence", "--param", "punishment=9"],
        ["deterrence", "--from", "game.nfg"],
        ["matrix", "--from", "game.txt"],
        ["matrix", "--from", "nowhere.nfg"],
    ],
)
def test_what_a_model_cannot_mean_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["game", *arguments], debug=False) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_game_of_gambits_is_asked_about_and_can_be_asked_again_without_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "trust.nfg"
    path.write_text('NFG 1 R "Trust" { "A" "B" } { 2 2 } 4 4 3 0 0 3 1/2 2')
    assert invoke(["game", "matrix", "--from", str(path)], debug=False) == 0
    out = capsys.readouterr().out
    assert "3 equilibria and no other" in out
    repeat = out.splitlines()[-1].removeprefix("Repeat: pausenet ").split()
    assert "row_payoffs=4,0,3,1/2" in repeat
    assert invoke(repeat, debug=False) == 0
    assert capsys.readouterr().out == out


def test_a_game_of_three_is_read_by_the_model_for_any_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "three.nfg"
    path.write_text(
        'NFG 1 R "three" {"A" "B" "C"} {2 2 2} 9 8 12 0 0 0 0 0 0 9 8 2 0 0 0 3 4 6 3 4 6 0 0 0'
    )
    assert invoke(["game", "normal-form", "--from", str(path)], debug=False) == 0
    assert "The game has 9 equilibria and no other." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('NFG 1 R "g" { "A" "B" "C" } { 1 1 1 } 0 0 0', "expected a game of two"),
        ('NFG 1 R "g" { "A" "B" }\n{ 2 x }', ":2:5"),
    ],
)
def test_a_file_that_is_no_game_of_two_is_refused_at_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "bad.nfg"
    path.write_text(text)
    assert invoke(["game", "correlated", "--from", str(path)], debug=False) == 2
    assert said in capsys.readouterr().err


def test_models_and_papers_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["game", "list"], debug=False) == 0
    assert "deterrence\n  Is a defection" in capsys.readouterr().out
    assert invoke(["game", "list", "--format", "json"], debug=False) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["parameters"]
    assert invoke(["reproduce", "--list"], debug=False) == 0
    assert "friedman-1971" in capsys.readouterr().out


def test_a_papers_numbers_are_reproduced_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["reproduce", "friedman-1971"], debug=False) == 0
    out = capsys.readouterr().out
    assert "pass  deterrence: d_min(0.97, 2): stated 0.035074" in out
    assert "FAIL" not in out
    assert invoke(["reproduce", "friedman-1971", "--format", "json"], debug=False) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["agrees"] is True
    assert invoke(["reproduce"], debug=False) == 2
    assert invoke(["reproduce", "friedman-1970"], debug=False) == 2


def test_the_rows_of_a_reproduction_say_who_stated_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert invoke(["reproduce", "emery-xu-2024"], debug=False) == 0
    *rows, last = capsys.readouterr().out.splitlines()
    assert rows
    assert all("our reconstruction and not the paper" in row for row in rows)
    assert last.endswith(f"stated them: {len(rows)} derived anew.")


@pytest.mark.parametrize("name", list(models()))
def test_every_parameter_of_a_model_is_shown_with_an_example_that_answers(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["game", "show", name], debug=False) == 0
    out = capsys.readouterr().out
    missing = [each.name for each in models()[name].parameters if f"  {each.name}=" not in out]
    assert missing == []
    example = shlex.split(out.splitlines()[-1].removeprefix("Example: pausenet game "))
    typed = dict(item.partition("=")[::2] for item in example[2::2])
    assert models()[example[0]].choose(typed) == models()[name].choose({})


def test_help_on_a_model_is_called_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["game", "deterrence", "--help"], debug=False) == 0
    out = capsys.readouterr().out
    assert "Usage: pausenet game deterrence [OPTIONS]\n" in out
    assert " ask " not in out.partition("\n")[0]


@pytest.mark.parametrize("arguments", [["--discount", "0.9"], ["--discount=0.9"]])
def test_an_option_that_is_a_parameter_is_refused_with_how_to_type_it(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["game", "deterrence", *arguments], debug=False) == 2
    assert "given as --param discount=0.9" in capsys.readouterr().err
    assert invoke(["game", "deterrence", "--nothing"], debug=False) == 2
