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

from pausenet.files import read_scenario  # noqa: E402  # the path must be known first
from pausenet.simulator.run import simulate  # noqa: E402  # the same

FOLDERS = ("scenarios", "evasions", "presets")
TRANSCRIPTS = HERE / "transcripts"


def scenarios() -> list[Path]:
    """Every file that can be run, by name."""
    files = (path for folder in FOLDERS for path in (HERE / folder).glob("*.yaml"))
    return sorted(files, key=lambda path: path.stem)


def story(scenario: Path) -> str:
    """What happens in a scenario, as text."""
    return "".join(f"{line}\n" for line in simulate(read_scenario(scenario)).transcript)


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
