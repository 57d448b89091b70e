"""Write `sims/transcripts/<scenario>.txt`, the story of every ready scenario in the simulator.

    python sims/make_transcripts.py            write them
    python sims/make_transcripts.py NAME ...   write these
    python sims/make_transcripts.py --check    exit 1 where one is missing, stale or has no scenario

The same scenario, seed and version give the same story, byte for byte: a change of any of these
files is a change of behaviour, to be read by a person.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pausenet.files import parse_scenario, read_scenario  # noqa: E402  # the path comes first
from pausenet.files.blanks import filled_in, leaves_open  # noqa: E402  # the same
from pausenet.simulator.outside import CATALOGUE  # noqa: E402  # the same
from pausenet.simulator.run import simulate  # noqa: E402  # the same

FOLDERS = ("scenarios", "evasions", "presets")
TRANSCRIPTS = HERE / "transcripts"
FILLED = "(what the preset leaves open is filled in with the examples of its refusal)"


def scenarios() -> list[Path]:
    """Every file that can be run, and every form to be filled in, by name."""
    files = (path for folder in FOLDERS for path in (HERE / folder).glob("*.yaml"))
    return sorted(files, key=lambda path: path.stem)


def story(scenario: Path) -> str:
    """What happens in a scenario, as text; a form is filled in with the examples of its refusal."""
    if not leaves_open(scenario):
        return "".join(f"{line}\n" for line in simulate(read_scenario(scenario)).transcript)
    text = filled_in(scenario.read_text(encoding="utf-8"))
    told = parse_scenario(text, name=scenario.name, stem=scenario.stem, catalogue=CATALOGUE)
    lines = (FILLED, *simulate(told).transcript)
    return "".join(f"{line}\n" for line in lines)


def kept(scenario: Path) -> Path:
    """Where a scenario's story stands."""
    return TRANSCRIPTS / f"{scenario.stem}.txt"


def differences() -> list[str]:
    """Every story that is missing, stale or without its scenario."""
    files = scenarios()
    strangers = {*TRANSCRIPTS.iterdir()} - {kept(scenario) for scenario in files}
    found = [f"{path.name}: no such scenario" for path in sorted(strangers)]
    for scenario in files:
        path = kept(scenario)
        if not path.is_file():
            found.append(f"{path.name}: missing")
        elif path.read_text(encoding="utf-8") != story(scenario):
            found.append(f"{path.name}: the story is another one now")
    return found


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    if arguments == ["--check"]:
        found = differences()
        print("\n".join(found) or "every scenario has its story")
        return 1 if found else 0
    wanted = [path for path in scenarios() if not arguments or path.stem in arguments]
    if len(wanted) < len(arguments):
        print(__doc__)
        return 2
    TRANSCRIPTS.mkdir(exist_ok=True)
    for scenario in wanted:
        kept(scenario).write_text(story(scenario), encoding="utf-8")
        print(kept(scenario).relative_to(HERE))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
