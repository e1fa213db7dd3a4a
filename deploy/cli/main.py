"""`distretti`: the commands of operators and developers."""

import typer

from deploy.cli.schemas import schemas
from deploy.cli.serve import serve
from deploy.cli.token import token
from deploy.cli.up import up

app = typer.Typer(help="The backend of Tuscany's technology districts.", no_args_is_help=True, add_completion=False)
app.command()(up)
app.command()(serve)
app.command()(token)
app.command()(schemas)

if __name__ == "__main__":
    app()
