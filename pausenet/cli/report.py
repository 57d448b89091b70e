"""`pausenet report RUN`: a run's report made anew, from what its directory keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pausenet.cli.options import Display, DisplayOption, examples

EXAMPLES = examples(
    "pausenet report pausenet-runs/two-faces-7",
    "pausenet report RUN --out ./for-the-meeting.html",
)


PageOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--out",
        envvar="PAUSENET_OUT",
        help="The new file; by default <name of the run>-report.html, here.",
    ),
]


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The directory of a finished run.")],
    out: PageOption = None,
    display: DisplayOption = Display.RICH,
) -> None:
    """Make the page of a finished run anew, beside it: a run itself is never changed.

    Of many runs it follows from what is kept of each; kernels reckon again, which takes seconds;
    one run is simulated again. Refuses a changed directory, and what real processes made.
    """
    from pausenet.cli.output import Screen
    from pausenet.cli.report_again import report_again, write_beside

    screen = Screen(display)
    screen.progress("pausenet: loading")
    file = out or Path(f"{run.resolve().name}-report.html")
    screen.heading("Report", str(write_beside(run, file, report_again(run, screen))))
