"""The command line of recommendation: `python -m projections recommend`."""

import getpass
from uuid import uuid4

import msgspec
import typer

from projections.connection import connect
from projections.projector import Projector
from projections.recommendation.feedback import examples, model_in_use
from projections.recommendation.fit import Fit, TooFewExamples, evaluation_of, fit
from registry.application import RegistryApplication
from registry.commands import AdoptRecommendationModel
from registry.database import database
from registry.events import Provenance
from registry.fitted_model import Evaluation, Training
from registry.recommendation import MODEL
from registry.settings import settings
from registry.store import EventLog
from registry.submission import Submission

app = typer.Typer(
    help="The weights by which templates are recommended, and learning them from feedback.",
    no_args_is_help=True,
)

Json = typer.Option(False, "--json", help="Print JSON.")


@app.command("fit", epilog="Example: python -m projections recommend fit --dry-run")
def fit_command(
    dry_run: bool = typer.Option(False, "--dry-run", help="Learn and evaluate, record nothing."),
    force: bool = typer.Option(False, "--force", help="Take a model into use that does no better."),
    as_json: bool = Json,
) -> None:
    """Learn the weights anew from feedback, and take them into use if they do better.

    Better is a smaller log-loss on answers that were not learnt from. Exits with 1 where the new
    ones do not, or where there is too little feedback to learn from.
    """
    with database(settings()) as url:
        Projector(url).catch_up()
        with connect(url) as connection:
            until = EventLog(connection).head()
            known = list(examples(connection, until))
            before = evaluation_of(model_in_use(connection), known)
        try:
            learnt = fit(known)
        except TooFewExamples as error:
            typer.echo(f"❌ There is too little to learn from: {error}.", err=True)
            raise typer.Exit(1) from None
        is_better = learnt.evaluation.log_loss < before.log_loss
        _show(before, learnt, as_json=as_json)
        if dry_run:
            return
        if not (is_better or force):
            typer.echo("❌ It does no better, so it is not taken into use (--force)", err=True)
            raise typer.Exit(1)
        _adopt(url, learnt, until)


def _show(before: Evaluation, learnt: Fit, *, as_json: bool) -> None:
    if as_json:
        typer.echo(_json({"in_use": before, "learnt": learnt}))
        return
    typer.echo(f"{learnt.examples} judged templates, {learnt.right} of them right")
    for name in ("log_loss", "precision", "ndcg", "calibration_error"):
        typer.echo(
            f"{name:18} in use {getattr(before, name):.4f}"
            f"   learnt {getattr(learnt.evaluation, name):.4f}"
        )


def _adopt(url: str, learnt: Fit, until: int) -> None:
    command = AdoptRecommendationModel(
        parameters=learnt.parameters,
        training=Training(examples=learnt.examples, right=learnt.right, position=until),
        evaluation=learnt.evaluation,
    )
    provenance = Provenance(actor=f"fit:{getpass.getuser()}", command_id=uuid4())
    with RegistryApplication(url) as application:
        outcome = application.submit(
            Submission(command=command, target=MODEL, provenance=provenance)
        )
    Projector(url).catch_up()
    if not outcome.events:
        typer.echo("Nothing has changed")
        return
    typer.echo(f"✅ Version {outcome.version} is in use from position {outcome.position} on")


@app.command(epilog="Example: python -m projections recommend evaluate --json")
def evaluate(as_json: bool = Json) -> None:
    """Tell how the weights in use do on all feedback there is."""
    with database(settings()) as url:
        Projector(url).catch_up()
        with connect(url) as connection:
            known = list(examples(connection, EventLog(connection).head()))
            model = model_in_use(connection)
    found = evaluation_of(model, known)
    if as_json:
        typer.echo(_json({"version": model.version, "examples": len(known), "evaluation": found}))
        return
    typer.echo(f"version {model.version}, {len(known)} judged templates")
    for name, value in msgspec.to_builtins(found).items():
        typer.echo(f"{name:18} {value:.4f}")


@app.command(epilog="Example: python -m projections recommend show")
def show(as_json: bool = Json) -> None:
    """Show the weights in use: what each signal adds to the log-odds at most."""
    with database(settings()) as url:
        Projector(url).catch_up()
        with connect(url) as connection:
            model = model_in_use(connection)
    if as_json:
        typer.echo(_json({"version": model.version, "parameters": model.parameters}))
        return
    typer.echo(f"version {model.version}")
    for name, weight in model.parameters.weights.items():
        typer.echo(f"{name:12} {weight.agrees - weight.differs:7.2f}")


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
