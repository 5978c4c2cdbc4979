"""Migrate, scan, serve, look: what the product does for whoever tries it."""

import json
import re

import httpx
import jsonschema_rs

from registry.database import latest_revision
from tests.acceptance.product import SHIPPED_TEMPLATES, FirstSteps, Product, Server

SHIPPED = sorted(SHIPPED_TEMPLATES.rglob("*.json"))


def test_migrating_tells_the_revision(first_steps: FirstSteps) -> None:
    assert first_steps.migration == f"✅ Database is at revision {latest_revision()}\n"


def test_scanning_tells_what_was_found(first_steps: FirstSteps) -> None:
    assert first_steps.scan.splitlines() == [
        f"✅ Scanned {len(SHIPPED)} dataset templates",
        f"✅ Registered {len(SHIPPED)} templates in catalog",
        "✅ Sample data extracted for all templates",
    ]


def test_the_printed_request_lists_every_template(server: Server) -> None:
    with httpx.Client() as client:
        catalogue = client.send(server.printed_request).json()
    assert len(catalogue["templates"]) == catalogue["total_count"] == len(SHIPPED) == 15


def test_the_printed_documentation_is_there(server: Server) -> None:
    [address] = re.findall(r"http://\S+/docs", server.greeting)
    assert httpx.get(address).status_code == 200


def test_the_catalogue_has_every_template_under_the_names_of_its_folders(server: Server) -> None:
    identities = {
        (template["industry"], template["use_case"], template["dataset_type"])
        for template in server.catalogue().values()
    }
    assert identities == {
        file.relative_to(SHIPPED_TEMPLATES).with_suffix("").parts for file in SHIPPED
    }


def test_the_schema_of_every_template_accepts_its_own_sample(server: Server) -> None:
    for template in server.catalogue().values():
        jsonschema_rs.meta.validate(template["schema"])
        schema = jsonschema_rs.validator_for(template["schema"], validate_formats=True)
        assert template["sample_data"]
        for record in template["sample_data"]:
            schema.validate(record)


def test_scanning_again_while_the_server_runs_appends_nothing(
    product: Product, server: Server
) -> None:
    before = server.get("/health/ready")
    catalogue = server.catalogue()
    report = json.loads(
        product.run("discovery", "scan", "--source", str(SHIPPED_TEMPLATES), "--json")
    )
    counts = {name: report[name] for name in ("new", "changed", "unchanged", "failed")}
    assert counts == {"new": 0, "changed": 0, "unchanged": len(SHIPPED), "failed": []}
    assert server.get("/health/ready")["head"] == before["head"]
    assert server.catalogue() == catalogue


def test_the_state_of_the_read_models_can_be_asked_for(product: Product, server: Server) -> None:
    head = server.get("/health/ready")["head"]
    state = product.run("projections", "status")
    assert re.search(rf"^templates .* {head} .* 0 events", state, re.MULTILINE)


def test_a_second_server_on_the_same_port_is_refused_and_the_first_goes_on(
    product: Product, server: Server
) -> None:
    port = server.printed_request.url.port
    code, complaint = product.fail("api", "serve", PORT=str(port))
    assert code == 2
    assert complaint.startswith(
        f"❌ The service cannot listen on 127.0.0.1:{port}: address already in use. "
    )
    assert server.get("/health") == {"status": "live"}
