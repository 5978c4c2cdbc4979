"""The command that checks datasets: `python -m discovery check`."""

from uuid import UUID

import typer

from discovery.checks.places import CHECKED_RECORDS
from registry.settings import settings


def check(
    dataset: list[UUID] = typer.Option([], help="A dataset to check; give it again for another."),
    every_one: bool = typer.Option(False, "--all", help="Check all that are not retired."),
    within: list[str] = typer.Option(
        ["."], help="A folder or URL below which datasets may lie; give it again for another."
    ),
    records: int = typer.Option(CHECKED_RECORDS, min=1, help="Records of each dataset to look at."),
    promote: bool = typer.Option(False, "--promote", help="Make those READY that are good enough."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Record nothing."),
    json: bool = typer.Option(False, "--json", help="Print a line of JSON for each dataset."),
) -> None:
    """Carry out the four quality checks on the records of datasets, and record their scores.

    Sources that are no folder or URL named by --within are not looked into, for clients name them.
    Exits with 0 when every dataset reaches a score of 95, 1 when one does not or could not be
    checked, 2 when there is no such dataset.
    """
    from discovery.checks.checker import Checker
    from discovery.checks.locations import Locations
    from discovery.checks.registered import NoSuchDataset
    from discovery.checks.report import checked_as_json, checked_as_text
    from registry.application import RegistryApplication
    from registry.database import database
    from registry.store.still_log import StoreUnreadable

    if bool(dataset) == every_one:
        raise typer.BadParameter("give either --dataset or --all")
    are_good = True
    with database(settings()) as url, RegistryApplication(url) as application:
        checker = Checker(
            application, url, Locations(within), most=records, promote=promote, dry_run=dry_run
        )
        try:
            for checked in checker.check(None if every_one else dataset):
                typer.echo(checked_as_json(checked) if json else checked_as_text(checked))
                are_good &= checked.is_good
        except (NoSuchDataset, StoreUnreadable) as error:
            typer.echo(f"❌ {error}", err=True)
            raise typer.Exit(2) from None
    if not are_good:
        raise typer.Exit(1)
