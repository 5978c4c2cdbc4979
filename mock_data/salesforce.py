"""Salesforce accounts and opportunities."""

from datetime import timedelta

from mock_data.scene import Record, Scene, capital, slug
from mock_data.subject import NOW, Subject

CURRENCIES = {"GB": "GBP", "US": "USD", "CA": "CAD"}
PROBABILITIES = {"Proposal": 50, "Negotiation": 75, "Closed Won": 100, "Closed Lost": 0}
"""The chance of winning a deal in each stage, in per cent."""


def _client(scene: Scene, account_id: str) -> str:
    """The company behind an account, the same in both templates."""
    ids = [account.id for account in scene.cast["salesforce_accounts"]]
    return scene.vocabulary.clients[ids.index(account_id)]


def salesforce_account(scene: Scene, subject: Subject) -> Record:
    """A client company with its contacts and the state of the know-your-customer check."""
    dice, created, name = scene.dice, subject.created, _client(scene, subject.id)
    domain = f"{slug(name)}.example"
    city, country, postal_code = subject.place.split(", ")
    employees = dice.skewed(12, 6_000)
    check = dice.weigh({"passed": 7, "in_progress": 4, "not_started": 2, "failed": 1})
    checked = scene.after(created, 24, 1_500) if check in ("passed", "failed") else None
    modified = scene.after(checked or created, 1, 2_000)
    record: Record = {
        "Id": subject.id,
        "Name": name,
        "NumberOfEmployees": employees,
        "AnnualRevenue": employees * dice.between(60, 240) * 1_000 if dice.chance(0.8) else None,
        "CurrencyIsoCode": CURRENCIES.get(country, "EUR"),
        "Rating": dice.pick(("Hot", "Warm", "Cold", None)),
        "Website": f"https://www.{domain}/",
        "Phone": f"+1-555-01{dice.between(0, 99):02d}",  # a range kept free for fiction
        "BillingAddress": {
            "street": f"{dice.between(1, 240)} {dice.pick(('Canal', 'Mill', 'Quay'))} Street",
            "city": city,
            "country": country,
            "postalCode": postal_code if dice.chance(0.85) else None,
        },
        "Owner": scene.colleague().contact,
        "Contacts": [
            scene.outsider(domain).contact | {"title": title}
            for title in dice.some(("CFO", "Head of Treasury", "CTO", "Operations Lead"), 1, 3)
        ],
        "ProductInterest": [subject.case.topic],
        "KycCheck": {
            "status": check,
            "risk_class": dice.weigh({"low": 6, "medium": 3, "high": 1}),
            "completed_at": scene.stamp(checked),
        },
        "Description": scene.text(subject, "needs", city=city, employees=str(employees)),
        "IsActive": check != "failed",
        "CreatedDate": scene.stamp(created),
        "LastModifiedDate": scene.stamp(modified),
        "LastActivityDate": modified.date().isoformat() if dice.chance(0.9) else None,
    }
    if dice.chance(0.2):
        (record["ParentId"],) = scene.related("salesforce_accounts", subject, 1, 1)
    return record


def salesforce_opportunity(scene: Scene, subject: Subject) -> Record:
    """A deal of one of those accounts, with products, stage and next step."""
    dice, created = scene.dice, subject.created
    (account,) = scene.related("salesforce_accounts", subject, 1, 1)
    client, contact = _client(scene, account), scene.outsider().name
    stage = dice.pick(list(PROBABILITIES))
    is_closed = stage.startswith("Closed")
    modified = scene.after(created, 200, 4_000)
    close_on = (modified if is_closed else NOW + timedelta(days=dice.between(6, 150))).date()
    items, amount = [], 0
    for part in dice.some(("platform fee", "transactions", "support"), int(is_closed), 3):
        quantity, price = dice.skewed(1, 400), dice.skewed(40, 9_000)
        items.append({"product": part, "quantity": quantity, "unit_price": price})
        amount += quantity * price
    record: Record = {
        "Id": subject.id,
        "AccountId": account,
        "Name": f"{client} – {capital(subject.case.topic)} {created:%Y-%m}",
        "StageName": stage,
        "Probability": PROBABILITIES[stage],
        "Amount": amount if items else None,
        "CurrencyIsoCode": dice.weigh({"EUR": 5, "GBP": 3, "USD": 2}),
        "CloseDate": close_on.isoformat(),
        "IsClosed": is_closed,
        "LeadSource": dice.pick(("Referral", "Web", "Partner", "Trade Fair", None)),
        "NextStep": None if is_closed else capital(subject.case.action),
        "LineItems": items,
        "Owner": scene.colleague().contact,
        "Description": scene.text(subject, "progress", client=client, contact=contact),
        "CreatedDate": scene.stamp(created),
        "LastModifiedDate": scene.stamp(modified),
    }
    if stage == "Closed Lost":
        record["LossReason"] = dice.pick(("Price", "Timing", "Missing feature", "No decision"))
    return record
