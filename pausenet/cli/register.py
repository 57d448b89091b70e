"""`pausenet register`: how operators change who the verifiers are, one at a time (5.2)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, PassphraseOption, examples, passphrase

if TYPE_CHECKING:
    from pausenet.protocol.keyring import Keyring
    from pausenet.protocol.register import Register
    from pausenet.statements.canonical import Json
    from pausenet.statements.membership import Approval, Change
    from pausenet.values import NetworkTime, ParticipantId

app = typer.Typer(help="Show the register; change who the verifiers are.", no_args_is_help=True)

NetArgument = Annotated[
    Path, typer.Argument(metavar="NET", help="The directory of register.json and network.json.")
]
ChangeArgument = Annotated[Path, typer.Argument(metavar="CHANGE", help="The change's file.")]
OutRequired = Annotated[
    Path, typer.Option("--out", envvar="PAUSENET_OUT", help="The new file to write.")
]
VerifierRequired = Annotated[
    str, typer.Option("--verifier", envvar="PAUSENET_VERIFIER", help="Which verifier.")
]
FirstRequired = Annotated[
    int,
    typer.Option(
        "--first",
        envvar="PAUSENET_FIRST",
        min=1,
        help="The first period in which it counts, or no more.",
    ),
]
KeysRequired = Annotated[
    Path, typer.Option("--keys", envvar="PAUSENET_KEYS", help="The signer's keys' directory.")
]


@app.command(epilog=examples("pausenet register show NET", "pausenet register show RUN"))
def show(net: NetArgument, format: FormatOption = Format.TEXT) -> None:
    """Print the register's size and root, and who counts from which period on.

    NET may be a live run's directory, which has its network inside.
    """
    from pausenet.cli.output import print_json

    register = _register(_network_of(net))
    epochs: list[Json] = [
        {
            "epoch": each.number,
            "first": int(each.first),
            "verifiers": [str(name) for name in each.verifiers],
            "n": each.quorum.n,
            "k": each.quorum.k,
            "f": each.quorum.f,
        }
        for each in register.epochs
    ]
    if format is Format.JSON:
        print_json({"size": register.size, "root": register.root.hex(), "epochs": epochs})
        return
    typer.echo(f"{register.size} entries, root {register.root.hex()}")
    for each in register.epochs:
        quorum, names = each.quorum, ", ".join(each.verifiers)
        typer.echo(f"from period {each.first}: k = {quorum.k} of {quorum.n}: {names}")


@app.command(
    epilog=examples("pausenet register admit NET ./new-keys --id verifier-5 --out admit.json")
)
def admit(
    net: NetArgument,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where its keys are to be.")],
    id: Annotated[
        str,
        typer.Option("--id", envvar="PAUSENET_ID", help="The newcomer's id: [a-z][a-z0-9-]{0,31}."),
    ],
    out: OutRequired,
    bloc: Annotated[
        str,
        typer.Option("--bloc", envvar="PAUSENET_BLOC", help="What it belongs to; default: its id."),
    ] = "",
    passphrase_from: PassphraseOption = None,
) -> None:
    """Draw a newcomer's keys, and write the change that admits it: it reads, and counts nowhere."""
    from pausenet.node.identity import make_tls_key
    from pausenet.node.keystore import make_keys
    from pausenet.protocol.keyring import Applicant
    from pausenet.protocol.membership import admission
    from pausenet.values import Role

    register, who = _register(net), _id(id)
    keys = make_keys(directory, who, Role.VERIFIER, passphrase(passphrase_from))
    tls = make_tls_key(directory / "tls.key.pem")
    newcomer = Applicant(keys=keys, bloc=bloc or id, group=f"verifier-{id}"[:64], tls_spki=tls)
    _write_change(out, admission(register, newcomer))


@app.command(
    epilog=examples(
        "pausenet register join NET --verifier verifier-5 --first 9 --handover HEX --out join.json"
    )
)
def join(
    net: NetArgument,
    verifier: VerifierRequired,
    first: FirstRequired,
    handover: Annotated[
        str,
        typer.Option("--handover", envvar="PAUSENET_HANDOVER", help="Its handover's statement_id."),
    ],
    out: OutRequired,
) -> None:
    """Write the change by which an admitted verifier counts from a period on."""
    from pausenet.errors import Misuse
    from pausenet.statements.membership import Joining
    from pausenet.values import Digest, PeriodIndex

    try:
        named = Digest.from_hex(handover)
    except ValueError as error:
        raise Misuse(f"--handover: {error}") from error
    change = Joining(
        epoch=len(_register(net).epochs),
        first=PeriodIndex(first),
        verifier=_id(verifier),
        handover=named,
    )
    _write_change(out, change)


@app.command(
    epilog=examples("pausenet register leave NET --verifier verifier-2 --first 12 --out leave.json")
)
def leave(
    net: NetArgument, verifier: VerifierRequired, first: FirstRequired, out: OutRequired
) -> None:
    """Write the change by which a verifier counts no more; it goes on serving what it holds."""
    from pausenet.statements.membership import Leaving
    from pausenet.values import PeriodIndex

    epoch = len(_register(net).epochs)
    _write_change(out, Leaving(epoch=epoch, first=PeriodIndex(first), verifier=_id(verifier)))


@app.command(
    epilog=examples(
        "pausenet register approve NET leave.json --keys ./keys --verifier verifier-1 --out 1.json"
    )
)
def approve(
    net: NetArgument,
    change: ChangeArgument,
    keys: KeysRequired,
    verifier: VerifierRequired,
    out: OutRequired,
    passphrase_from: PassphraseOption = None,
) -> None:
    """Approve a change at the register's end, by a verifier's recovery key.

    Approve one change after each entry, and a join only once its handover has been looked at.
    """
    from pausenet.errors import Misuse
    from pausenet.node.store.disk import write_new
    from pausenet.protocol.membership import approval, earliest_first
    from pausenet.statements import canonical
    from pausenet.statements.membership import Admission

    register, found, who = _register(net), _change(change), _id(verifier)
    if who not in register.epochs[-1].verifiers:
        raise Misuse(f"{who} is no verifier of the last epoch")
    now = _now(net)
    if not isinstance(found, Admission) and now is not None:
        least = earliest_first(register, now)
        if found.first < least:
            raise Misuse(f"the change begins with period {found.first}, expected {least} or later")
    said = approval(register, _verifier_keys(register, keys, who, passphrase_from), found)
    write_new(out, canonical.encode({"by": who, **said.to_json()}))
    typer.echo(f"{who} approves what {change} says, after entry {register.size - 1}: {out}")


@app.command(
    epilog=examples("pausenet register append NET leave.json 1.json 2.json 3.json --keys ./keys")
)
def append(
    net: NetArgument,
    change: ChangeArgument,
    approvals: Annotated[list[Path], typer.Argument(metavar="APPROVAL...", help="Approvals.")],
    keys: KeysRequired,
    newcomer: Annotated[
        Path | None,
        typer.Option("--newcomer", envvar="PAUSENET_NEWCOMER", help="The keys of who is admitted."),
    ] = None,
    passphrase_from: PassphraseOption = None,
) -> None:
    """Enter a change that k verifiers approve, by the registrar's keys, into NET's register.json.

    Start one verifier with that file: all others learn of it from each other and begin anew.
    """
    from pausenet.errors import Misuse
    from pausenet.node.config import REGISTER_FILE, encode_register
    from pausenet.node.identity import PUBLIC_MODE
    from pausenet.node.init import REGISTRAR
    from pausenet.node.keystore import load_keys
    from pausenet.node.store.disk import replace_file
    from pausenet.protocol.membership import entered
    from pausenet.statements.membership import Admission
    from pausenet.values import Role

    register, found, secret = _register(net), _change(change), passphrase(passphrase_from)
    admits = isinstance(found, Admission)
    if admits != (newcomer is not None):
        raise Misuse("--newcomer: who is admitted signs too, and nobody else")
    new = None
    if isinstance(found, Admission) and newcomer is not None:
        new = load_keys(newcomer, found.entry.id, Role.VERIFIER, secret)
    given = _approvals(approvals)
    registrar = load_keys(keys, REGISTRAR, Role.REGISTRAR, secret)
    grown = entered(register, registrar, found, given, new)
    replace_file(net / REGISTER_FILE, encode_register(grown), mode=PUBLIC_MODE)
    typer.echo(f"{net / REGISTER_FILE}: {grown.size} entries, root {grown.root.hex()}")


@app.command(
    epilog=examples(
        "pausenet register settle NET NET/verifier-5/keys --id verifier-5 --address 127.0.0.1:7005"
    )
)
def settle(
    net: NetArgument,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where its keys are.")],
    id: Annotated[str, typer.Option("--id", envvar="PAUSENET_ID", help="Who was admitted.")],
    address: Annotated[
        str,
        typer.Option(
            "--address", envvar="PAUSENET_ADDRESS", help="host:port where it takes calls."
        ),
    ],
    http: Annotated[
        str, typer.Option("--http", envvar="PAUSENET_HTTP", help="host:port of its HTTP edge.")
    ] = "",
    authority: Annotated[
        Path | None,
        typer.Option(
            "--authority",
            envvar="PAUSENET_AUTHORITY",
            help="The authority's key; default: NET/registrar/keys/ca.key.pem.",
        ),
    ] = None,
) -> None:
    """Give an admitted verifier its certificate in DIR, and its address in NET's network.json.

    Nodes read that file when they start: do this before the register with its admission is
    handed to one of them.
    """
    from pausenet.node import init

    key = authority or net / init.REGISTRAR / "keys" / "ca.key.pem"
    who = _id(id)
    init.settle(net, who, keys=directory, authority=key, address=address, http=http)
    typer.echo(f"{who} is reached at {address}: {directory / init.CERTIFICATE_FILE}")


# ---------------------------------------------------------------- what is read


def _register(net: Path) -> Register:
    from pausenet.node.config import read_register

    return read_register(net, None)


def _network_of(net: Path) -> Path:
    """The network's directory: itself, or that of a live run, which has its network inside."""
    from pausenet.node.config import REGISTER_FILE

    inside = net / "network"
    return inside if (inside / REGISTER_FILE).is_file() else net


def _now(net: Path) -> NetworkTime | None:
    """Network time by this machine's clock; None where the network has no start yet."""
    from pausenet.node.config import read_network
    from pausenet.values import NetworkTime

    network = read_network(net)
    if network.start <= 0:
        return None
    return NetworkTime(network.zero + network.speed * max(0, int(time.time()) - network.start))


def _change(path: Path) -> Change:
    from pausenet.statements.membership import decode_change

    return decode_change(path.read_bytes())


def _approvals(paths: list[Path]) -> dict[ParticipantId, Approval]:
    """Who approves what; raise `Misuse` where one approves two changes after one entry."""
    from pausenet.errors import Misuse

    found: dict[ParticipantId, Approval] = {}
    for path in paths:
        who, said = _approval(path)
        before = found.setdefault(who, said)
        if before.after == said.after and before.change != said.change:
            raise Misuse(f"{path}: {who} has approved two changes after one entry: keep both files")
        if before != said:
            raise Misuse(f"{path}: a second approval by {who}")
    return found


def _approval(path: Path) -> tuple[ParticipantId, Approval]:
    from pausenet.statements import canonical
    from pausenet.statements.fields import Fields
    from pausenet.statements.membership import CHANGE_BYTES_MAX, Approval
    from pausenet.values import ParticipantId

    fields = Fields(canonical.decode(path.read_bytes(), maximum_bytes=CHANGE_BYTES_MAX), str(path))
    by, found = fields.word("by", ParticipantId), Approval.read(fields)
    fields.done()
    return by, found


def _verifier_keys(
    register: Register, directory: Path, who: ParticipantId, passphrase_from: str | None
) -> Keyring:
    """A verifier's keys; raise `Misuse` where they are not those that the register binds."""
    from pausenet.errors import Misuse
    from pausenet.node.keystore import load_keys
    from pausenet.statements.register import Purpose
    from pausenet.values import Role

    keys = load_keys(directory, who, Role.VERIFIER, passphrase(passphrase_from))
    if keys.recovery.public_key != register.members[who].keys[Purpose.RECOVERY]:
        raise Misuse(f"{directory}: the recovery key is not that of {who}")
    return keys


def _write_change(out: Path, change: Change) -> None:
    from pausenet.node.store.disk import write_new
    from pausenet.statements import canonical

    write_new(out, canonical.encode(change.to_json()))
    typer.echo(f"{out}: to be approved by k verifiers")


def _id(text: str) -> ParticipantId:
    from pausenet.errors import Misuse
    from pausenet.values import ParticipantId

    try:
        return ParticipantId(text)
    except ValueError as error:
        raise Misuse(str(error)) from error
