"""Which templates fit what a client needs, and what the client makes of that."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import orjson
from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.access import Reader, Writer
from api.caller import Caller
from api.command_side import Key, idempotency_key, reply_to_one, submission
from api.moments import AsOf, MinPosition, moment
from api.pages import POSITION_HEADER
from api.problems import Problem, ProblemType, responses
from api.read_database import Moment, reads
from api.refusals import COMMAND_PROBLEMS, problem_of
from api.responses import Judgement, Recommendations
from projections.connectors import connector_listing
from projections.datasets import dataset_listing
from projections.links import RECOMMENDATIONS_PATH, TEMPLATES_PATH
from projections.recommendation.candidates import candidates
from projections.recommendation.client_profile import MOST_IN_USE, ClientProfile
from projections.recommendation.model import Model, model_of
from projections.recommendation.reading import Reading, read
from projections.recommendation.recommender import answer, candidates_of, recommended
from projections.recommendation.signals import Candidate
from registry.commands import JudgeRecommendation
from registry.errors import InvalidValue
from registry.inquiry import Inquiry, Needs, RecommendationId, stream_of
from registry.judgement import ShownTemplate, Verdict
from registry.text import Text

router = APIRouter(tags=["recommendations"])


@dataclass(frozen=True, kw_only=True)
class Question(Needs):
    """What a client needs; everything may be left out.

    With `client_id`, what is left out is taken from that client's datasets and connectors, and
    templates in use there are not recommended again. Where not even the best template is likely to
    fit, none is recommended, unless `min_confidence` says how sure they have to be: 0 shows the
    nearest there are, however far.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid", hide_input_in_errors=True)

    client_id: UUID | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=50)] = 5
    min_confidence: Annotated[float, Field(strict=True, ge=0, le=1)] | None = None
    explain: StrictBool = True

    @property
    def needs(self) -> Needs:
        """The needs alone."""
        return Needs(**{spec.name: getattr(self, spec.name) for spec in fields(Needs)})


class Feedback(BaseModel):
    """What a client makes of a template that was recommended to it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    template_id: UUID
    verdict: Verdict = Verdict.CHOSEN
    reason: Text = ""


_EXAMPLES = [
    {
        "industry": "banking",
        "use_case": "developer experience",
        "tools": ["Jira Cloud", "Confluence"],
        "fields": ["issue key", "assignee email"],
        "limit": 3,
    },
    {"description": "Our hospital answers patients in Zendesk."},
    {"industry": "beekeeping", "use_case": "patient services", "min_confidence": 0},
]

_FEEDBACK = {
    "template_id": "850acf2d-6d5d-5636-9d6f-559780d0aa6b",
    "verdict": "rejected",
    "reason": "It has no comments.",
}


class _Weighed(NamedTuple):
    """What the answer to a question is made of."""

    position: int
    reading: Reading
    candidates: Sequence[Candidate]
    model: Model


@router.post(
    f"{TEMPLATES_PATH}/recommend",
    response_model=Recommendations,
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.FORBIDDEN,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.CONTENT_TOO_LARGE,
        ProblemType.INVALID_REQUEST,
        ProblemType.UNAVAILABLE,
    ),
    summary="Recommend templates",
)
async def recommend_templates(
    request: Request,
    caller: Reader,
    question: Annotated[Question, Body(examples=_EXAMPLES)],
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Recommend templates, each with its confidence, what speaks for it and what it lacks.

    A confidence is the share of templates recommended with it that are right. Where nothing fits
    there is advice instead. The `recommendation_id` names the answer when a dataset is registered
    from it, or in feedback.
    """
    at = await moment(request, as_of, min_position)
    needs, client_id = question.needs, question.client_id
    weighed = await _weighed(request, caller, needs, client_id, at)
    inquiry = Inquiry(
        needs=needs,
        limit=question.limit,
        position=weighed.position,
        model_version=weighed.model.version,
        client_id=client_id,
    )
    try:
        recommendation_id = inquiry.id
    except InvalidValue as error:
        raise problem_of(error) from error
    _, reading, found, model = weighed
    body = {
        "recommendation_id": recommendation_id,
        "model_version": model.version,
        **answer(
            reading,
            found,
            model,
            question.limit,
            min_confidence=question.min_confidence,
            explain=question.explain,
        ),
    }
    headers = {POSITION_HEADER: str(weighed.position)}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


@router.post(
    f"{RECOMMENDATIONS_PATH}/{{recommendation_id}}/feedback",
    response_model=Judgement,
    responses=responses(*COMMAND_PROBLEMS),
    summary="Judge a recommendation",
)
async def judge_recommendation(
    request: Request,
    caller: Writer,
    recommendation_id: Annotated[RecommendationId, Path()],
    feedback: Annotated[Feedback, Body(examples=[_FEEDBACK])],
    key: Key = None,
) -> Response:
    """Say whether a template that was recommended was chosen or rejected; the model learns of it.

    A later verdict on the same template replaces the earlier one.
    """
    inquiry = await _known(request, recommendation_id)
    at = Moment(inquiry.position, inquiry.position)
    weighed = await _weighed(request, caller, inquiry.needs, inquiry.client_id, at)
    shown = recommended(weighed.reading, weighed.candidates, weighed.model, inquiry.limit)
    client_id = inquiry.client_id or caller.own_client()
    command = JudgeRecommendation(
        client_id=client_id,
        recommendation_id=recommendation_id,
        inquiry=inquiry,
        shown=[
            ShownTemplate(
                template_id=UUID(each.candidate.features["template_id"]),
                confidence=round(each.confidence, 4),
            )
            for each in shown
        ],
        template_id=feedback.template_id,
        verdict=feedback.verdict,
        reason=feedback.reason,
    )
    target = stream_of(recommendation_id, client_id)
    change = submission(request, caller, command, target, client_id)
    return await reply_to_one(request, change, await idempotency_key(request, caller, key))


async def _known(request: Request, recommendation_id: str) -> Inquiry:
    """Return what a recommendation answered.

    Raises:
        Problem: no recommendation has that id.
    """
    try:
        inquiry = Inquiry.of(recommendation_id)
        await moment(request, str(inquiry.position), 0)
    except (InvalidValue, Problem) as error:
        if isinstance(error, Problem) and error.kind is not ProblemType.FUTURE_MOMENT:
            raise
        raise Problem(ProblemType.NOT_FOUND, "There is no such recommendation.") from error
    return inquiry


async def _weighed(
    request: Request, caller: Caller, needs: Needs, client_id: UUID | None, at: Moment
) -> _Weighed:
    """Return the candidates for the needs, completed from the client's registry if one is named.

    Raises:
        Problem: the caller may not see that client's data.
    """
    in_use: frozenset[str] = frozenset()
    if client_id:
        profile = await _profile(request, caller, client_id, at)
        needs, in_use = profile.complete(needs), profile.templates
    reading = read(needs)
    row = await reads(request).at(candidates(reading, at.as_of), at)
    position, model, asked_at, rows = row
    found = candidates_of(orjson.loads(rows or b"[]"), asked_at)
    return _Weighed(
        position,
        reading,
        [each for each in found if each.features["template_id"] not in in_use],
        model_of(orjson.loads(model) if model else None),
    )


async def _profile(request: Request, caller: Caller, client_id: UUID, at: Moment) -> ClientProfile:
    tenant = caller.tenant(client_id)
    pages: list[list[dict[str, Any]]] = []
    for listing in (dataset_listing, connector_listing):
        row = await reads(request).at(listing.page(tenant, MOST_IN_USE, 0, at.as_of), at)
        pages.append(orjson.loads(row[2] or b"[]"))
    return ClientProfile.of(*pages)
