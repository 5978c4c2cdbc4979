"""What holds of every verdict, whatever the schemas: proofs have no exception, witnesses hold."""

import random

import jsonschema_rs
import random_schemas
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.compatibility import Outcome, containment, schema_digest
from tests.rounds import rounds

SEEDS = st.integers(0, 2**48).map(random.Random)


def _validator(schema):
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def _is_schema(schema):
    return jsonschema_rs.meta.is_valid(schema)


@settings(max_examples=rounds(300), deadline=None)
@given(SEEDS, st.sampled_from([2020, 7]))
def test_a_verdict_is_a_proof_or_shows_a_witness(rng, draft):
    one = random_schemas.schema(rng, rng.choice([1, 2, 3]), draft)
    other = random_schemas.relative(rng, one, draft)
    if draft == 7:
        one, other = (
            {**each, "$schema": random_schemas.DRAFT_7} if isinstance(each, dict) else each
            for each in (one, other)
        )
    if not (_is_schema(one) and _is_schema(other)):
        return
    for part, whole in ((one, other), (other, one)):
        inner, outer = _validator(part), _validator(whole)
        verdict = containment(part, whole)
        match verdict.outcome:
            case Outcome.incompatible:
                assert verdict.has_witness
                assert inner.is_valid(verdict.witness)
                assert not outer.is_valid(verdict.witness)
                assert verdict.reasons
            case Outcome.unknown:
                assert verdict.construct
            case Outcome.compatible:
                documents = [random_schemas.document(rng) for _ in range(40)]
                missed = [each for each in documents if inner.is_valid(each)]
                assert [each for each in missed if not outer.is_valid(each)] == []


@settings(max_examples=rounds(50), deadline=None)
@given(SEEDS)
def test_a_schema_accepts_what_itself_accepts(rng):
    schema = random_schemas.schema(rng)
    if _is_schema(schema) and "$defs" not in str(schema):
        assert containment(schema, schema).outcome is Outcome.compatible
        assert containment(False, schema).outcome is Outcome.compatible
        assert containment(schema, True).outcome is Outcome.compatible


@settings(max_examples=rounds(50), deadline=None)
@given(SEEDS)
def test_schemas_of_one_digest_accept_the_same(rng):
    one = random_schemas.schema(rng)
    other = random_schemas.relative(rng, one)
    if schema_digest(one) == schema_digest(other) and _is_schema(one) and _is_schema(other):
        documents = [random_schemas.document(rng) for _ in range(20)]
        verdicts = [list(map(_validator(each).is_valid, documents)) for each in (one, other)]
        assert verdicts[0] == verdicts[1]
