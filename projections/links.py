"""The links that documents carry, relative to the server that serves them."""

ROOT = "/v1/dataops"
TEMPLATES_PATH = f"{ROOT}/templates"
DATASETS_PATH = f"{ROOT}/datasets"
CONNECTORS_PATH = f"{ROOT}/connectors"
RECOMMENDATIONS_PATH = f"{ROOT}/recommendations"
SCANS_PATH = f"{ROOT}/scans"


def link(path: str) -> dict[str, str]:
    """Return a link as hypertext applications write it (HAL)."""
    return {"href": path}
