"""Weights are learnt from what clients made of recommendations, and can be looked back at."""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection
from typer.testing import CliRunner

from projections.projector import Projector
from projections.recommendation.candidates import candidates
from projections.recommendation.command_line import app
from projections.recommendation.feedback import examples, model_in_use
from projections.recommendation.model import model_of, shipped_model
from projections.recommendation.reading import read
from projections.recommendation.recommender import candidates_of, recommended
from registry.application import RegistryApplication
from registry.commands import JudgeRecommendation, RegisterDataset, RegisterTemplate
from registry.commands.command import Command
from registry.dataset import Stage
from registry.events import Provenance
from registry.inquiry import Inquiry, Needs, stream_of
from registry.judgement import ShownTemplate, Verdict
from registry.settings import settings
from registry.submission import Submission
from registry.template import TemplateDefinition, TemplateIdentity

CLIENT = UUID(int=0xC)
INDUSTRIES = ("fintech", "healthcare", "retail")
USE_CASES = ("customer_service", "incident_management")
TYPES = ("jira_issues", "confluence_pages", "zendesk_tickets")


@pytest.fixture
def connection(url: str, application: RegistryApplication) -> Iterator[Connection[Any]]:
    """A connection to a registry with templates of every industry, use case and type."""
    for industry in INDUSTRIES:
        for use_case in USE_CASES:
            for kind in TYPES:
                identity = TemplateIdentity(industry=industry, use_case=use_case, dataset_type=kind)
                definition = TemplateDefinition(
                    identity=identity, name=str(identity), schema={"type": "object"}
                )
                command = RegisterTemplate(definition=definition)
                submit(application, command, identity.template_id)
    Projector(url).catch_up()
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def command_line(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    yield CliRunner()
    settings.cache_clear()


def submit(application: RegistryApplication, command: Command, target: UUID) -> None:
    provenance = Provenance(actor="test", command_id=uuid4(), client_id=CLIENT)
    application.submit(
        Submission(command=command, target=target, client_id=CLIENT, provenance=provenance)
    )


def ask(connection: Connection[Any], needs: Needs) -> tuple[Inquiry, list[dict[str, Any]]]:
    """Return the inquiry and the features of the templates that it is answered with."""
    reading = read(needs)
    query = candidates(reading)
    row = connection.execute(query.sql, query.parameters).fetchone()
    assert row
    model = model_of(row[1])
    shown = recommended(reading, candidates_of(row[3], row[2]), model, 6)
    inquiry = Inquiry(needs=needs, limit=6, position=row[0], model_version=model.version)
    return inquiry, [dict(each.candidate.features) for each in shown]


def judge(
    application: RegistryApplication,
    inquiry: Inquiry,
    shown: list[dict[str, Any]],
    template: str,
    verdict: Verdict,
) -> None:
    command = JudgeRecommendation(
        client_id=CLIENT,
        recommendation_id=inquiry.id,
        inquiry=inquiry,
        shown=[ShownTemplate(template_id=each["template_id"], confidence=0.5) for each in shown],
        template_id=UUID(template),
        verdict=verdict,
    )
    submit(application, command, stream_of(inquiry.id, CLIENT))


def give_feedback(connection: Connection[Any], application: RegistryApplication) -> None:
    """Have clients choose whatever is of the type they named, and reject all else."""
    dice = random.Random(4)
    for number in range(12):
        needs = Needs(
            industry=dice.choice(INDUSTRIES),
            use_case=dice.choice(USE_CASES),
            dataset_types=[dice.choice(TYPES)],
            record_count=1 + number,  # each asks something else
        )
        inquiry, shown = ask(connection, needs)
        for each in shown:
            wanted = each["dataset_type"] == needs.dataset_types[0]
            verdict = Verdict.CHOSEN if wanted else Verdict.REJECTED
            judge(application, inquiry, shown, each["template_id"], verdict)


def test_a_fit_is_an_event_that_recommendations_follow_from_then_on(
    connection: Connection[Any],
    application: RegistryApplication,
    command_line: CliRunner,
) -> None:
    give_feedback(connection, application)
    before = connection.execute("SELECT max(notification_id) FROM registry_events").fetchone()
    assert before

    fitted = command_line.invoke(app, ["fit", "--force"])

    assert fitted.exit_code == 0, fitted.output
    model = model_in_use(connection)
    assert model.version == 1
    for weight in model.parameters.weights.values():
        curve = [weight.differs, *weight.between, weight.agrees]
        assert curve == sorted(curve)
    tool, place = (model.parameters.weights[name] for name in ("tool", "industry"))
    assert tool.agrees - tool.differs > place.agrees - place.differs
    query = candidates(read(Needs(industry="fintech")), before[0])
    row = connection.execute(query.sql, query.parameters).fetchone()
    assert row
    assert model_of(row[1]) is shipped_model()


def test_with_too_little_feedback_nothing_is_learnt(
    connection: Connection[Any], command_line: CliRunner
) -> None:
    fitted = command_line.invoke(app, ["fit"])
    assert fitted.exit_code == 1
    assert "too little to learn from" in fitted.output
    assert model_in_use(connection).version == 0


def test_a_dry_run_records_nothing(
    connection: Connection[Any], application: RegistryApplication, command_line: CliRunner
) -> None:
    give_feedback(connection, application)
    fitted = command_line.invoke(app, ["fit", "--dry-run", "--json"])
    assert fitted.exit_code == 0, fitted.output
    assert '"log_loss"' in fitted.output
    assert model_in_use(connection).version == 0


def test_a_dataset_registered_from_a_recommendation_is_feedback(
    connection: Connection[Any], application: RegistryApplication
) -> None:
    inquiry, shown = ask(connection, Needs(industry="fintech", tools=["Jira"]))
    second = shown[1]
    command = RegisterDataset(
        name="Issues",
        dataset_type=second["dataset_type"],
        stage=Stage.SANDBOX,
        journey_id=CLIENT,
        template_id=second["template_id"],
        recommendation_id=inquiry.id,
    )
    submit(application, command, uuid4())

    learnt = list(examples(connection, inquiry.position + 1))

    assert [each.right for each in learnt] == [False, True]  # the first was passed over


def test_nobody_tells_the_weights_of_another_client(
    connection: Connection[Any], application: RegistryApplication
) -> None:
    inquiry, shown = ask(connection, Needs(tools=["Jira"]))
    foreign = Inquiry(**{**vars(inquiry), "client_id": UUID(int=0xD)})
    judge(application, foreign, shown, shown[0]["template_id"], Verdict.CHOSEN)
    assert list(examples(connection, inquiry.position + 1)) == []


@pytest.mark.parametrize("command", ["show", "evaluate"])
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_the_weights_in_use_are_told(
    connection: Connection[Any], command_line: CliRunner, command: str, form: list[str]
) -> None:
    told = command_line.invoke(app, [command, *form])
    assert told.exit_code == 0, told.output
    assert "version" in told.output
