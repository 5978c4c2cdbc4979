"""Clients who ask: what they really want, and how they put it, often badly."""

import random
from collections.abc import Mapping
from dataclasses import replace

from registry.dataset import Stage
from registry.inquiry import Needs
from tests.evaluation.catalogue import FIELDS, PURPOSES, SCENES
from tests.evaluation.strangers import STRANGERS
from tests.evaluation.wish import Asked, Wish

SAID_INDUSTRY: Mapping[str, tuple[str, ...]] = {
    "fintech": (
        "fintech",
        "FinTech",
        "payments",
        "neobank",
        "financial technology",
        "payment provider",
    ),
    "banking": ("banking", "retail bank", "Commercial Banking", "savings bank", "credit union"),
    "insurance": ("insurance", "insurer", "Reinsurance", "insurtech"),
    "healthcare": ("healthcare", "Hospital", "health care", "clinics", "care provider"),
    "life_sciences": ("life sciences", "pharma", "Biotech", "medical devices"),
    "retail": ("retail", "Retailer", "grocery", "supermarket", "store chain"),
    "online_retail": ("online retail", "e-commerce", "webshop", "E-Commerce marketplace"),
    "technology": ("technology", "SaaS", "software", "Software company", "tech"),
    "telecommunications": ("telecommunications", "telco", "Mobile operator"),
    "manufacturing": ("manufacturing", "automotive", "Factory", "industrial machinery"),
    "logistics": ("logistics", "freight", "Shipping", "parcel courier"),
    "energy": ("energy", "utility", "Oil and Gas", "renewables"),
    "government": ("government", "public sector", "city council"),
    "higher_education": ("higher education", "university", "Universities"),
}
SAID_PURPOSE: Mapping[str, tuple[str, ...]] = {
    "developer_productivity": (
        "developer productivity",
        "developer experience",
        "Engineering metrics",
    ),
    "platform_engineering": ("platform engineering", "DevOps", "site reliability"),
    "customer_service": ("customer service", "Customer Support", "help desk", "contact center"),
    "client_onboarding": (
        "client onboarding",
        "KYC",
        "onboarding of new customers",
        "account opening",
    ),
    "sales_pipeline": ("sales pipeline", "CRM", "opportunity management", "revenue operations"),
    "incident_management": ("incident management", "ITSM", "incident response", "IT support"),
    "compliance_monitoring": ("compliance monitoring", "regulatory reporting", "audit"),
    "fraud_detection": ("fraud detection", "anti money laundering", "Fraud prevention"),
    "patient_support": ("patient support", "patient services", "patient helpline"),
    "clinical_operations": ("clinical operations", "ward operations", "hospital operations"),
    "store_operations": ("store operations", "shop floor", "branch operations"),
    "inventory_management": ("inventory management", "stock control", "warehouse management"),
    "human_resources": ("human resources", "HR", "recruiting", "people operations"),
    "predictive_maintenance": (
        "predictive maintenance",
        "equipment monitoring",
        "asset maintenance",
    ),
}
SAID_TOOL: Mapping[str, tuple[str, ...]] = {
    "jira": ("Jira", "Jira Cloud", "jira software"),
    "servicenow": ("ServiceNow", "service now"),
    "linear": ("Linear",),
    "confluence": ("Confluence", "Atlassian Confluence"),
    "sharepoint": ("SharePoint", "SharePoint Online", "o365sharepoint"),
    "google": ("Google Drive", "gdrive"),
    "notion": ("Notion",),
    "github": ("GitHub", "GitHub Enterprise"),
    "gitlab": ("GitLab",),
    "slack": ("Slack",),
    "microsoft": ("Microsoft Teams", "MS Teams"),
    "zendesk": ("Zendesk", "Zendesk Support"),
    "intercom": ("Intercom",),
    "freshdesk": ("Freshdesk",),
    "salesforce": ("Salesforce", "SFDC", "salescloud"),
    "hubspot": ("HubSpot",),
    "snowflake": ("Snowflake",),
    "postgres": ("PostgreSQL", "Postgres"),
    "sap": ("SAP", "SAP S4HANA"),
    "shopify": ("Shopify",),
    "workday": ("Workday",),
    "greenhouse": ("Greenhouse",),
}
SPOKEN = (
    "We are in {industry} and look into {use_case}; the records come out of {tools}.",
    "Looking for {use_case} records from {tools} for a team in {industry}.",
    "Our {industry} people do {use_case} with {tools} every week.",
)


KINDS = {"full": 30, "partial": 30, "spoken": 12, "misspelt": 14, "contradictory": 6,
         **dict.fromkeys(STRANGERS, 6)}  # fmt: skip
"""How often each kind of request is put, of about 130."""


def requests(count: int, seed: int = 5, half: int = 1) -> list[Asked]:
    """Return requests of all kinds, mixed; strange words are of that half, 0 or 1, alone."""
    dice = random.Random(seed)
    kinds = dice.choices(list(KINDS), list(KINDS.values()), k=count)
    asked = (_asked(dice, kind, half) for kind in kinds)
    return [
        replace(each, kind=kind, words=_words(each.needs))
        for kind, each in zip(kinds, asked, strict=True)
    ]


def _asked(dice: random.Random, kind: str, half: int) -> Asked:
    wish = _wish(dice)
    if kind in STRANGERS:
        return STRANGERS[kind](dice, half, Asked(wish=wish, needs=_put(dice, wish)))
    if kind == "partial":
        wish = _part_of(dice, wish)
    if kind == "contradictory":
        others = [p for p in SCENES if p not in PURPOSES[wish.industry or "retail"]]
        wish = Wish(industry=wish.industry, use_case=dice.choice(others), systems=wish.systems)
    if kind == "spoken":
        wish = Wish(industry=wish.industry, use_case=wish.use_case, systems=wish.systems)
    needs = _spoken(dice, wish) if kind == "spoken" else _put(dice, wish)
    if kind == "misspelt":
        needs = _misspelt(dice, needs)
    return Asked(wish=wish, needs=needs)


def _wish(dice: random.Random) -> Wish:
    industry = dice.choice(list(PURPOSES))
    use_case = dice.choice(PURPOSES[industry])
    types = [dice.choice(kinds) for kinds in SCENES[use_case]]
    types = dice.sample(types, dice.randint(1, len(types)))
    names = FIELDS[types[0].rsplit("_", 1)[-1]]
    wants = dice.random
    return Wish(
        industry=industry,
        use_case=use_case,
        systems=frozenset(each.split("_")[0] for each in types),
        fields=frozenset(dice.sample(names, 3)) if wants() < 0.4 else frozenset(),
        record_count=int(10 ** dice.uniform(2, 6)) if wants() < 0.3 else None,
        rule=dice.choice(["GDPR", "HIPAA", "SOX"]) if wants() < 0.25 else None,
        region=dice.choice(["EU", "US", "Germany", "UK"]) if wants() < 0.2 else None,
        stage=dice.choice(list(Stage)) if wants() < 0.4 else None,
    )


def _part_of(dice: random.Random, wish: Wish) -> Wish:
    """Keep one or two of the things that matter most, and nothing else."""
    there = [part for part in ("industry", "use_case", "systems", "fields") if getattr(wish, part)]
    parts = dice.sample(there, dice.randint(1, 2))
    return Wish(**{part: getattr(wish, part) for part in parts})


def _put(dice: random.Random, wish: Wish) -> Needs:
    return Needs(
        industry=dice.choice(SAID_INDUSTRY[wish.industry]) if wish.industry else None,
        use_case=dice.choice(SAID_PURPOSE[wish.use_case]) if wish.use_case else None,
        tools=[dice.choice(SAID_TOOL[each]) for each in sorted(wish.systems)],
        fields=[dice.choice([n, n.replace("_", " "), _camel(n)]) for n in sorted(wish.fields)],
        record_count=wish.record_count,
        compliance=[wish.rule] if wish.rule else [],
        region=wish.region,
        stage=wish.stage,
    )


def _spoken(dice: random.Random, wish: Wish) -> Needs:
    put = _put(dice, wish)
    text = dice.choice(SPOKEN).format(
        industry=put.industry, use_case=put.use_case, tools=" and ".join(put.tools)
    )
    return Needs(description=text)


def _misspelt(dice: random.Random, needs: Needs) -> Needs:
    told = {**vars(needs)}
    for part in ("industry", "use_case"):
        told[part] = _slip(dice, told[part])
    told["tools"] = [_slip(dice, tool) for tool in told["tools"]]
    return Needs(**told)


def _slip(dice: random.Random, text: str) -> str:
    """Swap, drop or double a letter of a word that is long enough to bear it."""
    if len(text) < 6:
        return text
    place = dice.randrange(1, len(text) - 2)
    if not text[place : place + 2].isalpha():
        return text
    return dice.choice(
        (
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
        )
    )


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def _words(needs: Needs) -> str:
    told = (needs.industry, needs.use_case, needs.description, *needs.tools, *needs.fields)
    return " ".join(part for part in told if part)
