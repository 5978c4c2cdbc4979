"""Clients whom no template can serve: what they want, and how they put it.

Every list is halved by turns: requests to learn from take the one half of its phrases, and requests
to judge by the other, so that nothing held out has been seen before.
"""

import random
import string
from collections.abc import Callable, Mapping

from registry.inquiry import Needs
from tests.evaluation.wish import Asked, Wish

NOWHERE = (
    "beekeeping", "circus troupe", "lighthouse keeping", "falconry", "opera house", "numismatics",
    "taxidermy", "glassblowing", "dog grooming", "astrology", "chess club", "funeral home",
    "vineyard", "zoo", "wedding planner", "puppet theatre", "horse racing", "a monastery",
    "diving school", "ice cream van",
)  # fmt: skip
"""Industries of which nobody has heard here."""

UNSERVED = (
    "hotel", "restaurant", "real estate", "law firm", "airline", "consulting", "broadcasting",
    "construction", "publishing", "property management", "tourism", "gaming",
)  # fmt: skip
"""Industries that are well known, and for which there is no template."""

OTHER_PURPOSES = (
    "menu planning", "choir rehearsals", "growth marketing", "accounts payable", "crop rotation",
    "contract review", "song writing", "invoicing", "carbon footprint", "lesson planning",
    "threat detection", "route planning", "payroll", "translation", "brand campaigns",
    "wiki", "seat reservations", "species counts",
)  # fmt: skip
"""Use cases for which there is no template."""

OTHER_TOOLS = (
    "Frobnicator", "Asana", "Lotus Notes", "Trello", "QuickBooks", "Okta", "AutoCAD", "Gong",
    "Figma", "Dropbox", "Miro", "Stripe", "Epic", "Bitbucket", "Toast POS", "PagerDuty",
    "Blender", "ClickUp", "Photoshop", "Zoom",
)  # fmt: skip
"""Tools from which no template takes its data."""

MEANT_OTHERWISE = (
    "walks along the bank of the river",
    "a notion of free will in Kant",
    "tomatoes and cucumbers for a greenhouse",
    "linear algebra homework with solutions",
    "healing energy and chakras of crystals",
    "the confluence of the Rhine and the Moselle",
    "knitting patterns like a snowflake",
    "maple sap boiled down to syrup",
    "an intercom beside the front door",
    "slack in the ropes of a sailing boat",
    "bronze age pottery technology",
    "bank holiday weather on the coast",
    "football clinics for goalkeepers",
    "insurance against bad luck: four-leaf clovers",
    "support for a climbing rose",
    "a box full of my grandmother's buttons",
    "retail therapy on a rainy Sunday",
    "teams for the village cricket match",
    "shipping forecast for German Bight",
    "fraud in the paintings of Vermeer",
    "sales of jam at the church fair",
    "recruiting a bass for our barbershop quartet",
    "an inventory of moths in Wales",
    "the university boat race since 1829",
)
"""Words that name a tool, an industry or a use case elsewhere, and here something else."""

NOTHING_SAID = (
    Needs(),
    Needs(description="please help us find some data"),
    Needs(region="EU"),
    Needs(description="of the and"),
    Needs(record_count=5_000),
    Needs(compliance=["GDPR"]),
    Needs(compliance=["SOX"], region="US", record_count=100),
    Needs(description="what do you have for a company like ours?"),
)
"""Requests that do not say anything by which a template could be chosen."""


def nowhere(dice: random.Random, half: int, known: Asked) -> Asked:
    """Ask for an industry that nobody serves, and sometimes for what others do have."""
    industry = dice.choice(dice.choice((NOWHERE, UNSERVED))[half::2])
    return _strange(dice, known, "industry", industry, "industry")


def other_purpose(dice: random.Random, half: int, known: Asked) -> Asked:
    """Ask for a use case that nobody serves, and sometimes for what others do have."""
    return _strange(dice, known, "use_case", dice.choice(OTHER_PURPOSES[half::2]), "use_case")


def other_tool(dice: random.Random, half: int, known: Asked) -> Asked:
    """Have the data in a tool that no template is for, and the rest as others have it."""
    return _strange(dice, known, "systems", dice.choice(OTHER_TOOLS[half::2]), "tools")


def _strange(dice: random.Random, known: Asked, part: str, said: str, place: str) -> Asked:
    """Put one strange thing in place of a known one; half of the time leave out the others."""
    wanted = frozenset([said]) if part == "systems" else said
    put = [said] if place == "tools" else said
    alone = dice.random() < 0.5
    wish, needs = (Wish(), Needs()) if alone else (known.wish, known.needs)
    return Asked(
        wish=Wish(**{**vars(wish), part: wanted}),
        needs=Needs(**{**vars(needs), place: put}),
    )


def meant_otherwise(dice: random.Random, half: int, known: Asked) -> Asked:
    """Speak of something else in words that templates have, too."""
    said = dice.choice(MEANT_OTHERWISE[half::2])
    return Asked(wish=Wish(industry=said), needs=Needs(description=said))


def gibberish(dice: random.Random, half: int, known: Asked) -> Asked:
    """Hit the keys at random."""
    first, other, third = (
        "".join(dice.choices(string.ascii_lowercase, k=dice.randint(5, 12))) for _ in range(3)
    )
    needs = dice.choice(
        (
            Needs(industry=first),
            Needs(use_case=first, tools=[other]),
            Needs(description=f"{first} {other} {third}"),
            Needs(tools=[first, other], fields=[third]),
            Needs(industry=first, use_case=other, description=third),
        )
    )
    return Asked(wish=Wish(industry=first), needs=needs)


def nothing_said(dice: random.Random, half: int, known: Asked) -> Asked:
    """Say nothing by which a template could be chosen."""
    return Asked(wish=Wish(), needs=dice.choice(NOTHING_SAID[half::2]))


STRANGERS: Mapping[str, Callable[[random.Random, int, Asked], Asked]] = {
    "nowhere": nowhere,
    "other purpose": other_purpose,
    "other tool": other_tool,
    "meant otherwise": meant_otherwise,
    "gibberish": gibberish,
    "nothing said": nothing_said,
}
"""The kinds of requests that no template is right for, by their names."""
