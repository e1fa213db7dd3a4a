"""`distretti token`: sign a bearer token for local use."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir


class Role(StrEnum):
    """Roles a token can carry."""

    MEMBER = "member"
    MANAGER = "manager"
    OPERATOR = "operator"
    PARTNER = "partner"


def token(
    role: Annotated[list[Role] | None, typer.Option(help="Can be repeated; operator unless given.")] = None,
    member: Annotated[str | None, typer.Option(help="The member acted for, by id.")] = None,
    district: Annotated[list[str] | None, typer.Option(help="A district managed, by id. Can be repeated.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 365, help="How long the token is valid.")] = 12,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print a token that the system on DATA_DIR accepts."""
    from distretti.devstack.token_issuer import find_issuer

    roles = role or [Role.OPERATOR]
    if Role.MEMBER in roles and not member:
        raise typer.BadParameter("A member's token needs --member ID.")
    if Role.MANAGER in roles and not district:
        raise typer.BadParameter("A manager's token needs --district ID.")
    with exit_on_error():
        issuer = find_issuer(data_dir.resolve())
    signed = issuer.token(
        subject=member or f"local-{roles[0]}",
        roles=[role.value for role in roles],
        member=member,
        manages=district or [],
        now=datetime.now(UTC),
        lifetime=timedelta(hours=hours),
    )
    typer.echo(signed)
