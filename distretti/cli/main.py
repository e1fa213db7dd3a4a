"""`distretti`: the commands of operators and developers."""

import typer

from deploy.cli.audit import audit
from deploy.cli.backup import backup
from deploy.cli.bench import bench
from deploy.cli.demo import demo
from deploy.cli.drill import drill
from deploy.cli.evaluate import evaluating, learning
from deploy.cli.explain import explain
from deploy.cli.importing import importing
from deploy.cli.parked import parked
from deploy.cli.rebuild import rebuild
from deploy.cli.restore import restore
from deploy.cli.schedule import schedule
from deploy.cli.schemas import schemas
from deploy.cli.serve import serve
from deploy.cli.token import token
from deploy.cli.up import up

app = typer.Typer(help="The backend of Tuscany's technology districts.", no_args_is_help=True, add_completion=False)
app.command()(up)
app.command()(serve)
app.command()(token)
app.command()(schemas)
app.command()(audit)
app.command()(explain)
app.command()(rebuild)
app.command()(demo)
app.command()(backup)
app.command()(restore)
app.command()(drill)
app.command()(schedule)
app.add_typer(importing, name="import")
app.add_typer(parked, name="parked")
app.add_typer(bench, name="bench")
app.add_typer(evaluating, name="evaluate")
app.add_typer(learning, name="learn")

if __name__ == "__main__":
    app()
