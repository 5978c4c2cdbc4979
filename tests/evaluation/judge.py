"""The judge: how well a template serves a client's wish, by rules of the trade.

| grade | means |
|---|---|
| 3 | take it as it is |
| 2 | right, with some adaptation |
| 1 | something could be learnt from it |
| 0 | of no use |
"""

import math
from collections.abc import Mapping

from registry.dataset import Stage
from tests.evaluation.catalogue import Shelved
from tests.evaluation.wish import Wish

RIGHT = 2
"""From this grade on a template is right."""

ELSEWHERE = 2
"""What is lost where practice, or work, is another altogether."""

SISTERS = (
    {"fintech", "banking"},
    {"retail", "online_retail"},
    {"manufacturing", "logistics"},
    {"technology", "telecommunications"},
    {"healthcare", "life_sciences"},
    {"banking", "insurance"},
)
"""Industries whose practice is the same in most respects."""

NEIGHBOURS = (
    {"developer_productivity", "platform_engineering"},
    {"customer_service", "patient_support"},
    {"client_onboarding", "sales_pipeline"},
    {"platform_engineering", "incident_management"},
    {"store_operations", "inventory_management"},
    {"patient_support", "clinical_operations"},
)
"""Use cases that work on the same things."""

REGIONS: Mapping[str, str] = {"EU": "eu", "Germany": "eu", "US": "us", "UK": "uk"}


def grade(wish: Wish, shelf: Shelved) -> int:
    """Return the grade, 0 to 3, of a template for a wish."""
    is_of_system = shelf.identity.dataset_type.split("_")[0] in wish.systems
    lost = _place(wish, shelf) + _purpose(wish, shelf)
    is_near = (wish.industry and _place(wish, shelf) < ELSEWHERE) or (
        wish.use_case and _purpose(wish, shelf) < ELSEWHERE
    )
    if not (is_near or is_of_system or _is_told_by_fields(wish, shelf)):
        return 0
    if wish.systems and not is_of_system:
        # Data of another system cannot be loaded into it: at best it is a model to follow.
        return 1 if lost == 0 and wish.industry and wish.use_case else 0
    if wish.fields and not _has_fields(wish, shelf):
        lost += 1
    if shelf.is_forgotten or shelf.is_poor:
        lost += 1
    if wish.stage is Stage.PRODUCTION and shelf.is_poor:
        lost += 1
    if wish.record_count and _sizes_apart(wish.record_count, shelf) > 2:
        lost += 1
    best = 1 if _forbidden(wish, shelf) else 3
    return max(0, min(best, 3 - lost))


def _has_fields(wish: Wish, shelf: Shelved) -> bool:
    """Whether the template has half of the fields wanted, or more."""
    return len(wish.fields & shelf.fields) * 2 >= len(wish.fields)


def _is_told_by_fields(wish: Wish, shelf: Shelved) -> bool:
    """Whether the client wants fields and nothing else, and the template has them."""
    is_told_otherwise = wish.industry or wish.use_case or wish.systems
    return bool(wish.fields and not is_told_otherwise and _has_fields(wish, shelf))


def _place(wish: Wish, shelf: Shelved) -> int:
    if wish.industry in (None, shelf.identity.industry):
        return 0
    return 1 if {wish.industry, shelf.identity.industry} in SISTERS else ELSEWHERE


def _purpose(wish: Wish, shelf: Shelved) -> int:
    if wish.use_case in (None, shelf.identity.use_case):
        return 0
    return 1 if {wish.use_case, shelf.identity.use_case} in NEIGHBOURS else ELSEWHERE


def _sizes_apart(wanted: int, shelf: Shelved) -> float:
    """Return how many orders of magnitude lie between what is wanted and what there is."""
    return abs(math.log10(wanted / shelf.definition.default_record_count))


def _forbidden(wish: Wish, shelf: Shelved) -> bool:
    """Whether a regulation, or the place where data may be, rules the template out."""
    custom = shelf.definition.custom_fields
    rules, region = custom.get("compliance"), custom.get("region")
    if wish.rule and rules and wish.rule.lower() not in rules:
        return True
    return bool(wish.region and region and region != REGIONS[wish.region])
