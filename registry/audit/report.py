"""What audits tell people, and what they tell programs."""

from typing import Any

import msgspec

from registry.audit.replay import Replayed
from registry.ledger.verification import Verification


def as_json(facts: dict[str, Any]) -> str:
    """Return facts as JSON to be read."""
    return msgspec.json.format(msgspec.json.encode(facts), indent=2).decode()


def replay_lines(replayed: Replayed) -> list[str]:
    """Return the lines that show a thing as it was."""
    facts = msgspec.to_builtins(replayed.facts())
    gone = "" if facts["in_use"] else ", no longer in use"
    then = f" ({facts['recorded_at']})" if facts["recorded_at"] else ""
    lines = [
        f"{facts['kind'].capitalize()} as of position {facts['position']}{then}{gone}",
        *_columns(facts[facts["kind"]]),
    ]
    if "registry" in facts:
        lines += ["In the registry", *_columns(facts["registry"])]
    return lines


def verification_lines(verification: Verification) -> list[str]:
    """Return a line for each finding, and what all was checked."""
    found = [f"❌ {finding}" for finding in verification.findings]
    if (more := verification.found - len(found)) > 0:
        found.append(f"❌ and {more} more")
    checked = f"{verification.events} events up to position {verification.last.position}"
    if found:
        findings = "finding" if verification.found == 1 else "findings"
        return [*found, f"❌ {verification.found} {findings} in {checked}"]
    return [f"✅ {checked} are as they were recorded", *_reach(verification)]


def verification_facts(verification: Verification) -> dict[str, Any]:
    """Return the same for programs."""
    signed = verification.signed
    return {
        "intact": verification.found == 0,
        "events": verification.events,
        "after": verification.start.position,
        "last_position": verification.last.position,
        "signed_position": signed and signed.position,
        "signed_at": signed and signed.signed_at,
        "public_key": signed and signed.public_key.hex(),
        "key_is_trusted": verification.trusted is not None,
        "unsigned_events": verification.unsigned,
        "unchained_events": verification.unchained,
        "findings_total": verification.found,
        "findings": [finding._asdict() for finding in verification.findings],
    }


def _reach(verification: Verification) -> list[str]:
    """Return how far the proof reaches."""
    signed = verification.signed
    if signed is None:
        lines = ["⚠️ None of it is signed, so whoever altered it could have chained it anew"]
    else:
        lines = [
            f"✅ Signed up to position {signed.position} on {signed.signed_at:%Y-%m-%d at %H:%M:%S}"
            f" UTC with the key {signed.public_key.hex()}"
        ]
        if verification.trusted is None:
            lines.append("⚠️ Whose key that is was not checked; give yours with --public-key")
        if verification.unsigned:
            lines.append(f"⚠️ The last {verification.unsigned} events are not signed yet")
    if verification.unchained:
        lines.append(
            f"⚠️ The last {verification.unchained} events are not in the ledger yet;"
            " a projector adds them, or: python -m projections ledger"
        )
    return lines


def _columns(facts: dict[str, Any]) -> list[str]:
    width = max(map(len, facts))
    return [f"  {name:{width}}  {_text(value)}" for name, value in facts.items()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
