"""`pausenet keys`: a participant's signing keys, one a purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pausenet.cli.options import Format, FormatOption, PassphraseOption, examples, passphrase

if TYPE_CHECKING:
    from pausenet.protocol.register import Keyring
    from pausenet.values import ParticipantId, Role

T = TypeVar("T")

app = typer.Typer(help="Make and show signing keys.", no_args_is_help=True)

DirectoryArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The keys' directory.")]
IdRequired = Annotated[
    str, typer.Option("--id", envvar="PAUSENET_ID", help="Whose keys: [a-z][a-z0-9-]{0,31}.")
]
RoleOption = Annotated[
    str,
    typer.Option(
        "--role",
        envvar="PAUSENET_ROLE",
        help=(
            "lab, meter, verifier, registrar, adjudicator, evaluator, host or authority; "
            "each role has its own purposes."
        ),
    ),
]


@app.command(
    epilog=examples(
        "pausenet keys new ./keys --id aurora --role lab",
        "pausenet keys new ./keys --id aurora --role lab --passphrase-from file:secret",
    )
)
def new(
    directory: DirectoryArgument,
    id: IdRequired,
    role: RoleOption = "lab",
    passphrase_from: PassphraseOption = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Draw fresh keys for every purpose of a role; nothing is written over."""
    from pausenet.node.keystore import make_keys
    from pausenet.values import ParticipantId

    secret = passphrase(passphrase_from)
    _print(make_keys(directory, _value(ParticipantId, id), _role(role), secret), format)


@app.command(epilog=examples("pausenet keys show ./keys --id aurora --role lab"))
def show(
    directory: DirectoryArgument,
    id: IdRequired,
    role: RoleOption = "lab",
    passphrase_from: PassphraseOption = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Print the public halves: purpose, key, key id. No secret is ever printed."""
    from pausenet.node.keystore import load_keys
    from pausenet.values import ParticipantId

    secret, who = passphrase(passphrase_from), _value(ParticipantId, id)
    _refuse_anothers(directory, who)
    _print(load_keys(directory, who, _role(role), secret), format)


def _changing(name: str, help: str, *, recovers: bool) -> None:
    """Make a command that draws new keys for a stopped node, to be used from its next start on."""

    @app.command(
        name,
        help=help,
        epilog=examples(f"pausenet keys {name} NET/aurora/keys --id aurora --role lab"),
    )
    def change(
        directory: DirectoryArgument,
        id: IdRequired,
        role: RoleOption = "lab",
        passphrase_from: PassphraseOption = None,
        format: FormatOption = Format.TEXT,
    ) -> None:
        from pausenet.node.keystore import add_keys
        from pausenet.values import ParticipantId

        secret, who = passphrase(passphrase_from), _value(ParticipantId, id)
        _refuse_anothers(directory, who)
        keys = add_keys(directory, who, _role(role), secret, recovers=recovers)
        _print(keys.later[-1], format)
        if format is Format.TEXT:
            typer.echo(
                f"They lie in {directory / 'later'}, and sign nothing yet: the node puts them into "
                "use at its next start."
            )


_changing(
    "rotate",
    "Draw new keys for a stopped node, which old and new keys sign for at its next start.",
    recovers=False,
)
_changing(
    "recover",
    "Draw new keys for a stopped node that was restored, or whose guard is lost.\n\n"
    "At its next start it fetches its own log from k verifiers and goes on from there.",
    recovers=True,
)
_changing(
    "revoke",
    "Draw new keys for a stopped node whose keys are stolen: the recovery key ends the old ones."
    "\n\nIt is done as a recovery is. What the old keys say from then on convicts nobody.",
    recovers=True,
)


def _refuse_anothers(directory: Path, who: ParticipantId) -> None:
    """Refuse a network's `<id>/keys` under another id: key files do not say whose they are."""
    from pausenet.errors import Misuse
    from pausenet.node.config import NETWORK_FILE

    home = directory.resolve().parent
    of_a_network = any((each / NETWORK_FILE).is_file() for each in (home, home.parent))
    if of_a_network and directory.resolve().name == "keys" and home.name != who:
        raise Misuse(f"{directory}: these are the keys of {home.name}, not of {who}")


def _print(keyring: Keyring, format: Format) -> None:
    from pausenet.cli.output import print_json

    rows = [
        {"purpose": str(purpose), "public_key": key.public_key.hex(), "key_id": str(key.key_id)}
        for purpose, key in keyring.by_purpose()
    ]
    for row in rows:
        if format is Format.JSON:
            print_json({**row})
        else:
            typer.echo(f"{row['purpose']:<10} {row['public_key']}  key id {row['key_id']}")


def _role(text: str) -> Role:
    from pausenet.errors import Misuse
    from pausenet.files.located import suggestion
    from pausenet.values import Role

    roles = [str(each) for each in Role]
    if text not in roles:
        listed = ", ".join(roles)
        hint = suggestion(text, roles)
        raise Misuse(f"--role: expected one of {listed}; found {text!r:.80}{hint}")
    return Role(text)


def _value(make: Callable[[str], T], text: str) -> T:
    from pausenet.errors import Misuse

    try:
        return make(text)
    except ValueError as error:
        raise Misuse(str(error)) from error
