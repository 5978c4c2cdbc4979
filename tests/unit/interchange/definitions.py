"""Templates to be written in the formats of other tools: one to read, and any by chance."""

from dataclasses import replace

from hypothesis import strategies as st

from registry.quality import CheckType
from registry.refined_schema import refined
from registry.refinement import Pins
from registry.template import QualityRule, TemplateDefinition, TemplateIdentity

ORDERS = TemplateDefinition(
    identity=TemplateIdentity(industry="retail", use_case="sales", dataset_type="orders"),
    name="Orders of the shop",
    description="Every order, with what was bought.",
    tags=["orders", "sales"],
    custom_fields={"owner": {"team": "shop"}},
    schema={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "order id": {"type": "integer", "minimum": 1},
            "e-mail": {"type": ["string", "null"], "format": "email", "maxLength": 200},
            "ordered_at": {"type": "string", "format": "date-time"},
            "day": {"type": "string", "format": "date"},
            "state": {"enum": ["open", "sent"], "type": "string", "description": "How far it is."},
            "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$"},
            "total": {"type": "number"},
            "paid": {"type": "boolean"},
            "address": {"$ref": "#/$defs/address"},
            "lines": {
                "type": "array",
                "items": {"type": "object", "properties": {"sku": {"type": "string"}}},
            },
            "tags": {"type": "array", "items": {"type": "string"}},
            "anything": {},
        },
        "required": ["order id", "ordered_at", "state"],
        "$defs": {"address": {"type": "object", "properties": {"city": {"type": "string"}}}},
    },
    declared_schema=True,
    statistics={
        "fields": [],
        "keys": {"primary_keys": {"orders.csv": ["order id"]}, "foreign_keys": []},
    },
    sample_data=[
        {
            "order id": 1,
            "e-mail": "ann@masked.example",
            "ordered_at": "2026-01-31T12:00:00Z",
            "day": "2026-01-31",
            "state": "open",
            "code": "AB12",
            "total": 12.5,
            "paid": False,
            "address": {"city": "Porto"},
            "lines": [{"sku": "A"}],
            "tags": ["new"],
            "anything": [1, {"two": 3}],
        },
        {"order id": 2, "e-mail": None, "ordered_at": "2026-02-01T12:00:00Z", "state": "sent"},
    ],
    default_record_count=100,
    default_size_mb=0.5,
    quality_rules=[QualityRule(name="complete", check=CheckType.DATA_COMPLETENESS, threshold=97.5)],
)

REFINED = replace(
    ORDERS,
    schema=refined(
        ORDERS.schema,
        {
            '"order id"': Pins(key=False),
            "e-mail": Pins(semantic_class="email", description="Where to write."),
            "code": Pins(semantic_class="order_number"),
            "ordered_at": Pins(key=True),
            "total": Pins(semantic_class=""),
            "address.city": Pins(semantic_class="city_name"),
        },
    ).schema,
)
"""The same, after people have spoken."""

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    _TEXTS,
)
JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)
_OBJECTS = st.dictionaries(_TEXTS, JSON, max_size=3)
_SLUGS = st.from_regex(r"[a-z][a-z0-9_]{1,8}", fullmatch=True)
_NAMES = _TEXTS.map(str.strip).filter(lambda text: text.isprintable() and bool(text))
_TYPES = ["string", "integer", "number", "boolean", "object", "array", "null"]
_PROPERTIES = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(_TYPES) | st.lists(st.sampled_from(_TYPES), max_size=3),
            "format": st.sampled_from(["date", "date-time", "uri", "email"]) | _TEXTS,
            "enum": st.lists(_SCALARS, max_size=3),
            "minimum": _SCALARS,
            "minLength": st.integers(0, 9) | st.just(1.0),
            "pattern": st.sampled_from(["^a+$", "^a|b$", "a"]) | _TEXTS,
            "title": JSON,
            "description": _TEXTS,
            "x-semantic-class": st.sampled_from(["email", "order_number", "", "No slug"]) | JSON,
            "x-key": st.booleans(),
            "$ref": st.sampled_from(["#", "#/$defs/one", "#/$defs/none", "https://elsewhere.test"]),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(_TYPES),
            "items": inner | st.booleans(),
            "properties": st.dictionaries(_TEXTS, inner, max_size=2),
            "anyOf": st.lists(inner | st.just({"type": "null"}), max_size=2),
        },
    ),
    max_leaves=4,
)
_SCHEMAS = _OBJECTS | st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.dictionaries(_TEXTS, _PROPERTIES, max_size=4)},
    optional={
        "$schema": _TEXTS,
        "title": JSON,
        "description": JSON,
        "examples": JSON,
        "required": st.lists(_TEXTS, max_size=2) | JSON,
        "$defs": st.dictionaries(st.just("one"), _PROPERTIES, max_size=1),
        "x-dataset-registry": JSON,
    },
)
_KEYS = st.fixed_dictionaries(
    {"keys": st.fixed_dictionaries({"primary_keys": st.dictionaries(_TEXTS, st.lists(_TEXTS))})}
)

definitions = st.builds(
    TemplateDefinition,
    identity=st.builds(TemplateIdentity, industry=_SLUGS, use_case=_SLUGS, dataset_type=_SLUGS),
    name=_NAMES,
    description=_TEXTS,
    tags=st.lists(_SLUGS, max_size=3),
    custom_fields=_OBJECTS,
    schema=_SCHEMAS,
    declared_schema=st.booleans(),
    statistics=_OBJECTS | _KEYS,
    sample_data=st.lists(JSON, max_size=3) | st.lists(_OBJECTS, max_size=3),
    default_record_count=st.integers(0, 2**53),
    default_size_mb=st.floats(0, 1e9),
    quality_rules=st.lists(
        st.builds(
            QualityRule,
            name=_NAMES,
            check=st.sampled_from(CheckType),
            threshold=st.floats(0, 100),
            description=_TEXTS,
        ),
        max_size=2,
    ),
)
"""Templates of any valid content: schemas and samples of records, and of all other JSON."""
