"""What checking a dataset tells people, and what it tells programs."""

import msgspec

from discovery.checks.checker import CheckedDataset


def checked_as_text(checked: CheckedDataset) -> str:
    """Return the lines on one dataset for people."""
    dataset = checked.dataset
    score = f"{float(checked.score.value):g}" if checked.score else "no score yet"
    mark = "✅" if checked.is_good else "❌"
    lines = [f"{mark} {dataset.name} ({dataset.stage} {dataset.dataset_type}): {score}"]
    lines[0] += f", {checked.status}"
    lines += [f"   {check.check_type:<22} {check.score:6.2f}" for check in checked.checks]
    return "\n".join([*lines, *(f"   ⚠️ {problem}" for problem in checked.problems)])


def checked_as_json(checked: CheckedDataset) -> str:
    """Return one line of JSON."""
    document = {
        "dataset_id": checked.dataset.id,
        "client_id": checked.dataset.client_id,
        "name": checked.dataset.name,
        "status": checked.status,
        "quality_score": float(checked.score.value) if checked.score else None,
        "checks": checked.checks,
        "problems": checked.problems,
    }
    return msgspec.json.encode(document).decode()
