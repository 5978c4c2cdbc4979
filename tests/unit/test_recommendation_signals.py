"""What each signal says of a template, alone; and what is made of them together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.recommendation import signals
from projections.recommendation.bundles import Member, bundles
from projections.recommendation.evaluation import calibration_error, ndcg
from projections.recommendation.explanation import advice, missing
from projections.recommendation.model import calibrated, contribution, gain, shipped_model
from projections.recommendation.reading import read
from projections.recommendation.recommender import FITS, answer
from projections.recommendation.signals import Candidate
from projections.recommendation.taxonomy import industries, use_cases
from projections.recommendation.tools import tools
from projections.recommendation.words import Spellings, distance, stems
from registry.dataset import Stage
from registry.fitted_model import CalibrationPoint, Weight
from registry.inquiry import Needs
from tests.evaluation.clients import requests
from tests.evaluation.strangers import STRANGERS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def candidate(ready: int = 0, days: float = 0, **parts: Any) -> Candidate:
    features = {
        "template_id": "1",
        "name": "Tickets",
        "industry": "retail",
        "use_case": "customer_service",
        "dataset_type": "zendesk_tickets",
        "fields": ["id", "requester_email", "email", "satisfaction_score"],
        "words": ["retail", "customer", "service", "ticket", "refund"],
        "key": "id",
        "references": {},
        "record_count": 1_000,
        "compliance": [],
        "regions": [],
        "personal_data": False,
        "quality": 0.5,
        "updated_at": (NOW - timedelta(days=days)).isoformat(),
    }
    return Candidate(features=features | parts, ready=ready, asked_at=NOW)


def strength(rule: signals.Rule, needs: Needs, **parts: Any) -> float | None:
    signal = rule(read(needs), candidate(**parts))
    return signal and signal.strength


@pytest.mark.parametrize(
    ("said", "template", "least", "most"),
    [
        ("retail", "retail", 1, 1),
        ("Grocery", "retail", 1, 1),
        ("reatil", "retail", 0.9, 1),
        ("a bank in Spain", "banking", 0.85, 1),
        ("banking", "fintech", 0.8, 0.95),
        ("banking", "insurance", 0.4, 0.6),
        ("fintech", "financial_services", 0.7, 0.9),
        ("beekeeping", "beekeeping", 1, 1),
        ("bee keeping", "keeping_of_bees", 0.5, 0.95),
        ("banking", "healthcare", 0, 0),
    ],
)
def test_industries_near_each_other_count(
    said: str, template: str, least: float, most: float
) -> None:
    found = strength(signals.industry, Needs(industry=said), industry=template)
    assert found is not None
    assert least <= found <= most


def test_a_sub_industry_is_more_than_the_industry() -> None:
    needs = Needs(industry="financial services", sub_industry="insurer")
    assert strength(signals.industry, needs, industry="insurance") == 1
    other = strength(signals.industry, needs, industry="banking")
    assert other is not None
    assert other < 1


@pytest.mark.parametrize(
    ("said", "template", "fits"),
    [
        ("helpdesk", "customer_service", True),
        ("KYC", "client_onboarding", True),
        ("devex", "platform_engineering", True),
        ("KYC", "store_operations", False),
    ],
)
def test_use_cases_near_each_other_count(said: str, template: str, fits: bool) -> None:
    found = strength(signals.use_case, Needs(use_case=said), use_case=template)
    assert bool(found) is fits


@pytest.mark.parametrize(
    ("tool", "dataset_type", "expected"),
    [
        ("Zendesk Support", "zendesk_tickets", 1.0),
        ("salescloud", "salesforce_accounts", 1.0),
        ("o365sharepoint", "sharepoint_documents", 1.0),
        ("Jira Clodu", "jira_issues", 1.0),
        ("Jira", "jira_worklogs", 0.9),
        ("Frobnicator", "frobnicator_events", 0.9),
        ("Slack", "zendesk_tickets", 0.0),
    ],
)
def test_tools_are_known_by_their_names(tool: str, dataset_type: str, expected: float) -> None:
    assert strength(signals.tool, Needs(tools=[tool]), dataset_type=dataset_type) == expected


def test_a_description_tells_of_industry_use_case_and_tools() -> None:
    reading = read(Needs(description="Our hospital does IT support in ServiceNow and Box."))
    assert [match.concept for match in reading.industry.concepts] == ["healthcare"]
    assert [match.concept for match in reading.use_case.concepts] == ["incident_management"]
    assert [tool.slug for tool in reading.tools] == ["servicenow", "box"]
    assert read(Needs(description="a box of linear teams")).tools == ()


def test_a_name_that_is_a_word_as_well_is_a_tool_with_a_capital_only() -> None:
    assert read(Needs(description="incidents for a team in banking")).tools == ()
    assert [tool.slug for tool in read(Needs(description="messages of Teams")).tools] == [
        "microsoft_teams"
    ]


def test_of_a_phrase_half_understood_nobody_is_sure() -> None:
    certain, doubtful = (
        strength(signals.industry, Needs(industry=said), industry="education")
        for said in ("Irish school", "diving school")
    )
    assert certain is not None
    assert doubtful is not None
    assert doubtful < 0.75 < 0.9 < certain


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("retail", "the industry is retail, as asked"),
        ("retial", "the industry is retail, as 'retial' was read"),
        ("webshop", "the industry is retail, which is near ecommerce"),
        ("energy", "the industry is retail, not energy"),
        ("beekeeping", "the industry is retail, not beekeeping"),
    ],
)
def test_evidence_says_what_was_meant(said: str, told: str) -> None:
    signal = signals.industry(read(Needs(industry=said)), candidate())
    assert signal is not None
    assert signal.because == told


def test_what_is_missing_is_what_was_asked_for() -> None:
    needs = Needs(industry="webshp", use_case="helpdesk", tools=["Jira"], fields=["iban", "zip"])
    reading, template = read(replace(needs, record_count=10**6)), candidate()
    assert missing(reading, template, signals.signals(reading, template)) == [
        "it is made for the industry retail, not for ecommerce",
        "it holds no data of Jira",
        "it starts with 1000 records, where 1000000 are expected",
        "its schema has no iban or zip",
    ]


def test_a_slip_of_the_pen_is_nothing_missing() -> None:
    reading, template = read(Needs(industry="retial")), candidate()
    assert missing(reading, template, signals.signals(reading, template)) == []


def test_words_in_common_count() -> None:
    assert strength(signals.text, Needs(description="refunds for tickets")) == 1
    assert strength(signals.text, Needs(description="kangaroo")) == 0


def test_wanted_fields_are_looked_for_however_they_are_spelt() -> None:
    needs = Needs(fields=["requesterEmail", "Satisfaction Score", "zip", "id"])
    assert strength(signals.fields, needs) == 0.75


@pytest.mark.parametrize(("wanted", "expected"), [(1_000, 1), (10_000, 0.5), (10**7, 0)])
def test_sizes_are_told_apart_by_orders_of_magnitude(wanted: int, expected: float) -> None:
    assert strength(signals.size, Needs(record_count=wanted)) == pytest.approx(expected)


def test_quality_counts_in_production_more_than_in_a_sandbox() -> None:
    assert strength(signals.quality, Needs(stage=Stage.PRODUCTION)) == 0.5
    assert strength(signals.quality, Needs(stage=Stage.SANDBOX)) == 0.75


def test_what_became_ready_often_is_popular() -> None:
    found = [strength(signals.popularity, Needs(), ready=ready) for ready in (0, 1, 10, 50)]
    assert found == sorted(found, key=lambda each: each or 0)
    assert (found[0], found[-1]) == (0, 1)


def test_what_changed_a_year_ago_is_half_as_fresh() -> None:
    assert strength(signals.freshness, Needs(), days=365) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("needs", "parts", "least", "most"),
    [
        (Needs(compliance=["GDPR"]), {"compliance": ["gdpr"]}, 1, 1),
        (Needs(compliance=["PCI DSS"]), {"compliance": ["pcidss"]}, 1, 1),
        (Needs(compliance=["HIPAA"]), {"compliance": ["gdpr"]}, 0, 0),
        (Needs(compliance=["HIPAA"]), {"personal_data": True}, 0.1, 0.5),
        (Needs(compliance=["HIPAA"]), {}, 0.5, 0.9),
        (Needs(region="Germany"), {"regions": ["eu"]}, 1, 1),
        (Needs(region="Germany"), {"regions": ["us"]}, 0, 0),
        (Needs(region="Germany"), {"regions": ["global"]}, 1, 1),
    ],
)
def test_conflicts_with_regulations_and_regions_are_found(
    needs: Needs, parts: dict[str, Any], least: float, most: float
) -> None:
    found = strength(signals.compliance, needs, **parts)
    assert found is not None
    assert least <= found <= most


def test_what_was_not_asked_for_is_not_told_of() -> None:
    found = signals.signals(read(Needs()), candidate())
    assert set(found) == {"quality", "popularity", "freshness"}


short = st.text("abcdefgh ", max_size=20)


@settings(max_examples=50)
@given(short, short, st.lists(short, max_size=3))
def test_every_strength_is_between_0_and_1(industry: str, text: str, names: list[str]) -> None:
    needs = Needs(industry=industry or None, description=text, tools=names, fields=names)
    for signal in signals.signals(read(needs), candidate()).values():
        assert 0 <= signal.strength <= 1


def test_a_template_that_agrees_is_surer_than_one_that_does_not() -> None:
    for name, weight in shipped_model().parameters.weights.items():
        assert gain(weight, 1.0) >= 0, name


def test_a_weight_rises_on_lines_between_its_points() -> None:
    weight = Weight(differs=-2.0, between=[-2.0, 0.0, 1.0], agrees=2.0)
    told = [contribution(weight, strength) for strength in (0, 0.25, 0.375, 0.5, 1)]
    assert told == [-2, -2, pytest.approx(-1), 0, 2]
    assert contribution(Weight(differs=-2.0, agrees=2.0), 0.75) == pytest.approx(1)


def test_what_signals_count_adds_up_to_the_score() -> None:
    """Evidence leaves nothing out: from no agreement at all, the gains lead to the score."""
    model, needs = shipped_model(), Needs(industry="webshop", tools=["Zendesk"], fields=["email"])
    found = signals.signals(read(needs), candidate())
    none = {name: signal._replace(strength=0.0) for name, signal in found.items()}
    difference = model.score(found) - model.score(none)
    assert sum(model.gains(found).values()) == pytest.approx(difference)


def test_one_wish_unmet_counts_against_all_the_others() -> None:
    needs = Needs(industry="retail", use_case="helpdesk", tools=["Zendesk"], compliance=["SOX"])
    parts = ({"compliance": ["sox"]}, {"compliance": ["gdpr"]})
    met, unmet = (
        answer(read(needs), [candidate(**part)], shipped_model(), 5, min_confidence=0)
        for part in parts
    )
    confidences = [each["recommendations"][0]["confidence"] for each in (met, unmet)]
    assert confidences[0] > 0.8
    assert confidences[1] < 0.5


def test_what_is_unlikely_is_shown_on_demand_only() -> None:
    needs = read(Needs(industry="energy", use_case="helpdesk", tools=["Jira"]))
    by_default = answer(needs, [candidate()], shipped_model(), 5)
    assert by_default["recommendations"] == []
    assert by_default["advice"][0].startswith("No template is likely to be right. The nearest is")
    anyhow = answer(needs, [candidate()], shipped_model(), 5, min_confidence=0)
    [only] = anyhow["recommendations"]
    assert only["confidence"] < FITS
    assert anyhow["advice"][0].startswith("None of these is likely")


def test_where_something_fits_the_nearest_are_shown_beside_it_unless_they_are_not_wanted() -> None:
    needs = read(Needs(industry="retail", use_case="helpdesk", tools=["Zendesk"]))
    both = [candidate(), candidate(industry="healthcare", dataset_type="slack_messages")]
    shown = answer(needs, both, shipped_model(), 5)["recommendations"]
    first, second = (each["confidence"] for each in shown)
    assert second < FITS <= first
    sure = answer(needs, both, shipped_model(), 5, min_confidence=FITS)["recommendations"]
    assert sure == shown[:1]


def test_no_strange_words_are_both_learnt_from_and_judged_by() -> None:
    learnt, judged = (
        {each.needs.description for each in requests(400, 5 + half, half) if each.kind in STRANGERS}
        for half in (0, 1)
    )
    assert learnt & judged == {""}


def test_good_in_general_is_not_good_for_this() -> None:
    """However popular and fresh a template is, it has to have to do with what is needed."""
    popular = candidate(ready=50, quality=1.0)
    found = answer(read(Needs(industry="energy")), [popular], shipped_model(), 5)
    assert found["recommendations"] == []
    assert found["advice"][0].startswith("No template")


def test_evidence_tells_what_matched_and_how_much_it_counted() -> None:
    needs = Needs(industry="grocery", tools=["Zendesk"], fields=["email", "iban"])
    found = answer(read(needs), [candidate()], shipped_model(), 5)
    [only] = found["recommendations"]
    told = {each["signal"]: each for each in only["evidence"]}
    assert told["industry"]["because"] == "the industry is retail, as asked"
    assert told["industry"]["counted"] > told["popularity"]["counted"]
    assert only["missing"] == ["its schema has no iban"]


def test_advice_says_how_the_words_were_read() -> None:
    told = advice(
        read(Needs(industry="bankng", use_case="xyzzy")), [(candidate(), 0.3)], [candidate()]
    )
    assert any("'bankng' was read as the industry banking" in each for each in told)
    assert any("No use case is known by the name 'xyzzy'" in each for each in told)
    assert any("None of these is likely" in each for each in told)


def member(name: str, confidence: float, **parts: Any) -> Member:
    return Member(candidate(template_id=name, **parts).features, confidence)


def test_a_bundle_covers_the_tools_and_hangs_together_by_keys() -> None:
    reading = read(Needs(tools=["Jira", "Zendesk", "Slack"]))
    tickets = member("t", 0.9, references={"issue": "issue_keys"})
    issues = member("i", 0.8, dataset_type="jira_issues", key="key")
    lonely = member("s", 0.7, dataset_type="slack_messages", key=None)
    elsewhere = member("o", 0.95, dataset_type="jira_issues", key="key", industry="energy")

    [bundle] = bundles(reading, [elsewhere, tickets, issues, lonely])

    assert [each.features["template_id"] for each in bundle.members] == ["i", "t"]
    assert list(bundle.covers) == ["Jira", "Zendesk"]
    assert [tuple(each) for each in bundle.links] == [("t", "issue_keys", "i", "key")]
    assert bundle.confidence == 0.8


def test_without_a_key_in_common_there_is_no_bundle() -> None:
    reading = read(Needs(tools=["Jira", "Zendesk"]))
    issues = member("i", 0.8, dataset_type="jira_issues", key="key")
    assert bundles(reading, [member("t", 0.9), issues]) == []


def test_the_tables_that_ship_refer_to_nothing_that_is_not_there() -> None:
    for taxonomy in (industries(), use_cases()):
        for slug in taxonomy.slugs:
            related = taxonomy._concept(slug)
            assert set(related.near) | {related.broader} - {None} <= set(taxonomy.slugs), slug
    assert tools().find("Jira").types == ("jira_issues",)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distances_are_symmetric_and_nothing_for_equals(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) is (one == other)


def test_a_letter_wrong_is_forgiven_in_words_that_are_long_enough() -> None:
    spellings = Spellings(["bank", "healthcare", "it"])
    assert spellings.nearest("bnak") == "bank"
    assert spellings.nearest("helthcare") == "healthcare"
    assert spellings.nearest("at") is None


def test_names_fall_into_the_stems_of_their_words() -> None:
    assert stems("accountIds") == stems("account_id") == ("account", "id")


def test_confidences_lie_on_lines_between_the_points() -> None:
    points = [CalibrationPoint(score=s, confidence=c) for s, c in ((0, 0.2), (2, 0.6))]
    assert [calibrated(points, score) for score in (-9, 0, 1, 9)] == [
        0.2,
        0.2,
        pytest.approx(0.4),
        0.6,
    ]


def test_the_best_order_has_all_the_gain() -> None:
    assert ndcg([3, 2, 0], [0, 2, 3]) == 1
    assert ndcg([2, 3], [0, 2, 3]) < 1
    assert ndcg([], [0, 0]) == 1
    assert ndcg([0], [0, 0]) == 0


def test_confidences_that_come_true_have_no_error() -> None:
    assert calibration_error([(0.5, True), (0.5, False)]) == 0
    assert calibration_error([(0.9, False)]) == pytest.approx(0.9)
