"""A catalogue of templates as an organisation's teams would leave it: good, poor and forgotten."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from registry import events
from registry.dataset import DatasetMetadata, Stage, Status
from registry.dataset_registry import DatasetRegistry
from registry.events import Event
from registry.quality import CheckType
from registry.template import QualityRule, TemplateDefinition, TemplateIdentity
from tests.benchmarks.history import recorded

ISSUES = ("jira_issues", "servicenow_incidents", "linear_issues")
PAPERS = ("confluence_pages", "sharepoint_documents", "google_drive_files", "notion_pages")
CODE = ("github_pull_requests", "github_repositories", "gitlab_merge_requests")
TALK = ("slack_messages", "microsoft_teams_messages")
CARE = ("zendesk_tickets", "intercom_conversations", "freshdesk_tickets")
SALES = ("salesforce_accounts", "salesforce_opportunities", "hubspot_deals")

SCENES: dict[str, tuple[tuple[str, ...], ...]] = {
    "developer_productivity": (ISSUES, PAPERS, CODE),
    "platform_engineering": (ISSUES, CODE, TALK),
    "customer_service": (CARE, TALK, PAPERS),
    "client_onboarding": (SALES, CARE, PAPERS),
    "sales_pipeline": (SALES, TALK),
    "incident_management": (ISSUES, TALK, CARE),
    "compliance_monitoring": (PAPERS, ISSUES),
    "fraud_detection": (CARE, ("snowflake_tables", "postgres_tables")),
    "patient_support": (CARE, TALK),
    "clinical_operations": (PAPERS, ISSUES),
    "store_operations": (ISSUES, CARE, PAPERS),
    "inventory_management": (("sap_materials", "shopify_products", "snowflake_tables"), ISSUES),
    "human_resources": (("workday_workers", "greenhouse_candidates"), PAPERS),
    "predictive_maintenance": (("sap_orders", "postgres_tables"), ISSUES),
}

PURPOSES: dict[str, tuple[str, ...]] = {
    "fintech": ("developer_productivity", "client_onboarding", "fraud_detection",
                "customer_service", "compliance_monitoring"),
    "banking": ("client_onboarding", "fraud_detection", "compliance_monitoring",
                "incident_management", "human_resources"),
    "insurance": ("customer_service", "fraud_detection", "compliance_monitoring",
                  "sales_pipeline"),
    "healthcare": ("patient_support", "clinical_operations", "compliance_monitoring",
                   "human_resources"),
    "life_sciences": ("clinical_operations", "compliance_monitoring", "sales_pipeline"),
    "retail": ("store_operations", "inventory_management", "customer_service",
               "human_resources"),
    "online_retail": ("customer_service", "inventory_management", "developer_productivity"),
    "technology": ("developer_productivity", "platform_engineering", "incident_management",
                   "sales_pipeline", "customer_service"),
    "telecommunications": ("incident_management", "customer_service", "platform_engineering"),
    "manufacturing": ("predictive_maintenance", "inventory_management", "incident_management"),
    "logistics": ("inventory_management", "customer_service", "predictive_maintenance"),
    "energy": ("predictive_maintenance", "incident_management", "compliance_monitoring"),
    "government": ("customer_service", "compliance_monitoring", "human_resources"),
    "higher_education": ("human_resources", "customer_service", "developer_productivity"),
}  # fmt: skip

FIELDS: dict[str, tuple[str, ...]] = {
    "issues": ("key", "summary", "status", "priority", "assignee_email", "created_at",
               "resolved_at", "story_points"),
    "incidents": ("number", "short_description", "priority", "opened_at", "resolved_at",
                  "assignment_group", "sla_breached"),
    "pages": ("id", "title", "body", "author_email", "updated_at", "issue_keys", "space_key"),
    "documents": ("id", "name", "summary", "sensitivity", "effective_on", "department"),
    "files": ("id", "name", "mime_type", "size", "owners", "modified_time"),
    "requests": ("id", "number", "title", "state", "author_login", "merged_at", "additions"),
    "repositories": ("id", "full_name", "topics", "license", "pushed_at"),
    "messages": ("id", "channel_name", "user_email", "text", "posted_at", "thread_ts"),
    "tickets": ("id", "subject", "status", "requester_email", "satisfaction_score", "created_at"),
    "conversations": ("id", "contact_email", "state", "rating", "created_at"),
    "accounts": ("id", "name", "annual_revenue", "billing_country", "owner_email"),
    "opportunities": ("id", "account_id", "amount", "stage_name", "close_date", "probability"),
    "deals": ("id", "company_id", "amount", "stage", "close_date"),
    "tables": ("id", "customer_id", "amount", "currency", "booked_at", "risk_score"),
    "materials": ("number", "name", "plant", "stock", "unit_price"),
    "products": ("id", "sku", "title", "stock", "price"),
    "workers": ("id", "job_title", "department", "hire_date", "manager_id"),
    "candidates": ("id", "job_id", "stage", "applied_at", "source"),
    "orders": ("number", "machine_id", "order_type", "planned_on", "cost"),
}  # fmt: skip

TOPICS = ("the checkout", "mobile sign-in", "the ledger", "branch visits", "weekly reviews",
          "the night shift", "regional teams", "returns", "the new portal", "audits")  # fmt: skip

NOW = datetime.now(UTC)
CLIENT = UUID(int=0xC11E)


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A template of the catalogue with what its judges know of it."""

    definition: TemplateDefinition
    changed_at: datetime
    ready: int

    @property
    def identity(self) -> TemplateIdentity:
        return self.definition.identity

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.definition.schema["properties"])

    @property
    def is_forgotten(self) -> bool:
        """Nobody has made anything of it, or touched it, for two years."""
        return not self.ready and NOW - self.changed_at > timedelta(days=730)

    @property
    def is_poor(self) -> bool:
        """It tells next to nothing of itself."""
        return not self.definition.description and not self.definition.sample_data


def catalogue(seed: int = 11) -> list[Shelved]:
    """Return some two hundred and fifty templates."""
    dice = random.Random(seed)
    return [
        _shelved(dice, TemplateIdentity(industry=industry, use_case=use_case, dataset_type=kind))
        for industry, purposes in PURPOSES.items()
        for use_case in purposes
        for kinds in SCENES[use_case]
        for kind in dice.sample(kinds, min(2, len(kinds)))
    ]


def _shelved(dice: random.Random, identity: TemplateIdentity) -> Shelved:
    is_poor, is_old = dice.random() < 0.15, dice.random() < 0.2
    names = FIELDS[identity.dataset_type.rsplit("_", 1)[-1]]
    custom: dict[str, object] = {"contains_personal_data": dice.random() < 0.4}
    if dice.random() < 0.3:
        custom["compliance"] = dice.sample(["gdpr", "hipaa", "sox", "pci dss"], 2)
    if dice.random() < 0.3:
        custom["region"] = dice.choice(["eu", "us", "uk", "apac"])
    title = " ".join(vars(identity).values()).replace("_", " ").title()
    about = f"{title.split()[-1]} of a company, on {' and '.join(dice.sample(TOPICS, 2))}."
    definition = TemplateDefinition(
        identity=identity,
        name=title,
        description="" if is_poor else about,
        tags=[] if is_poor else [identity.dataset_type.split("_")[0], "sampled"],
        custom_fields=custom,
        schema={"type": "object", "properties": {n: {"type": "string"} for n in names}},
        statistics={} if is_poor else {"fields": [{"path": name} for name in names]},
        sample_data=[] if is_poor else [dict.fromkeys(names, "value")] * 5,
        default_record_count=int(10 ** dice.uniform(2, 6)),
        quality_rules=[
            QualityRule(name="schema", check=CheckType.SCHEMA_VALIDATION, threshold=95.0)
        ]
        * (dice.random() < 0.6),
    )
    age = dice.uniform(740, 1500) if is_old else dice.uniform(1, 500)
    ready = 0 if is_old and dice.random() < 0.8 else int(dice.paretovariate(0.9)) - 1
    return Shelved(
        definition=definition, changed_at=NOW - timedelta(days=age), ready=min(ready, 40)
    )


def history(shelves: list[Shelved]) -> Iterator[Event]:
    """Yield what happened: every template was registered, and some became READY datasets."""
    stream, version = DatasetRegistry(CLIENT).id, 0
    for shelf in shelves:
        facts = {"template_id": shelf.identity.template_id, "definition": shelf.definition}
        event = events.DatasetTemplateRegistered(**facts, digest="0", source="evaluation")
        yield recorded(event, shelf.identity.template_id, 1, shelf.changed_at)
    for number, shelf in enumerate(shelves):
        for index in range(shelf.ready):
            for happened in _made(shelf, UUID(int=number << 16 | index)):
                version += 1
                yield recorded(happened, stream, version, NOW)


def _made(shelf: Shelved, dataset_id: UUID) -> Iterator[Event]:
    yield events.DatasetRegistered(
        client_id=CLIENT,
        dataset_id=dataset_id,
        name="Dataset",
        dataset_type=shelf.identity.dataset_type,
        stage=Stage.PRODUCTION,
        journey_id=CLIENT,
        template_id=shelf.identity.template_id,
        source=None,
        metadata=DatasetMetadata(),
    )
    life = (Status.PROVISIONING, Status.VALIDATING, Status.READY)
    for before, after in pairwise(life):
        yield events.DatasetStatusChanged(
            client_id=CLIENT, dataset_id=dataset_id, before=before, after=after, reason=""
        )
