"""`pausenet run SCENARIO`: a scenario in the simulator, repeatable to the byte, once or often."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from pausenet.cli.options import (
    Display,
    DisplayOption,
    Format,
    FormatOption,
    OutOption,
    SeedOption,
    examples,
)

EXAMPLES = examples(
    "pausenet run two-faces",
    "pausenet run my-scenario.yaml --seed 12 --out ./my-run",
    "pausenet run honest --format json",
    "pausenet run under-declaration --replications 100",
    "pausenet run e06-caught --replications 100000 --fidelity kernel",
    'pausenet run under-declaration --replications 1000 --until-half-width "5 %" --jobs 2',
)

ReplicationsOption: TypeAlias = Annotated[
    int,
    typer.Option(
        "--replications",
        envvar="PAUSENET_REPLICATIONS",
        min=0,
        help="Make so many runs, each with its own chance, and measure; 0 makes one run.",
    ),
]
HalfWidthOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--until-half-width",
        envvar="PAUSENET_UNTIL_HALF_WIDTH",
        help='Stop earlier, when detection is known to so much either way: "5 %".',
    ),
]
WithinOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--within",
        envvar="PAUSENET_WITHIN",
        help='The timeliness goal, counted from the beginning of an evasion; left out, "14 days".',
    ),
]
JobsOption: TypeAlias = Annotated[
    int,
    typer.Option(
        "--jobs",
        envvar="PAUSENET_JOBS",
        min=0,
        help="Processes for replications; 0 takes one a processor. Changes no result.",
    ),
]


class Fidelity(StrEnum):
    """How a scenario is measured."""

    PROTOCOL = "protocol"
    KERNEL = "kernel"
    BOTH = "both"


FidelityOption: TypeAlias = Annotated[
    Fidelity,
    typer.Option(
        "--fidelity",
        envvar="PAUSENET_FIDELITY",
        help="Real statements and signatures, statistical kernels for very many runs, or both.",
    ),
]
ResumeOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--resume",
        envvar="PAUSENET_RESUME",
        help="Go on with replications that were interrupted.",
    ),
]


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario's file, or its name: two-faces.")],
    seed: SeedOption = None,
    out: OutOption = None,
    replications: ReplicationsOption = 0,
    until_half_width: HalfWidthOption = "",
    within: WithinOption = "",
    jobs: JobsOption = 0,
    resume: ResumeOption = False,
    fidelity: FidelityOption = Fidelity.PROTOCOL,
    format: FormatOption = Format.TEXT,
    display: DisplayOption = Display.RICH,
) -> None:
    """Run a scenario in the simulator: the same machines, without clock, socket or disk.

    Exits 0 when the findings are those of the scenario's `expect:` block, 3 when not. With
    `--replications` it measures how often and how late evasions are found, and how often labs
    that keep the rules are suspected; then 3 says that a promise of the protocol was broken. A run
    takes seconds; of many it is printed how long is left.
    """
    from pausenet.cli.output import Screen
    from pausenet.errors import Misuse

    screen = Screen(display)
    screen.progress("pausenet: loading")
    if fidelity is not Fidelity.PROTOCOL and not replications:
        raise Misuse(f"--fidelity {fidelity} needs --replications")
    if fidelity is Fidelity.KERNEL:
        if resume or until_half_width:
            raise Misuse("--fidelity kernel is done at once: no --resume, no --until-half-width")
        from pausenet.cli.kernel_run import run_kernel

        code = run_kernel(
            named=scenario,
            seed=seed,
            runs=replications,
            within=within,
            out=out,
            format=format,
            screen=screen,
        )
        raise typer.Exit(code)
    if replications == 0:
        if until_half_width or within or resume:
            raise Misuse("--until-half-width, --within and --resume need --replications")
        from pausenet.cli.simulated_run import run_simulated

        raise typer.Exit(
            run_simulated(named=scenario, seed=seed, out=out, format=format, screen=screen)
        )
    from pausenet.cli.replicated_run import Wish, run_replicated

    wish = Wish(
        named=scenario,
        seed=seed,
        replications=replications,
        until_half_width=until_half_width,
        within=within,
        jobs=jobs or os.cpu_count() or 1,
        resume=resume,
        kernels=fidelity is Fidelity.BOTH,
        out=out,
    )
    raise typer.Exit(run_replicated(wish, format=format, screen=screen))
