"""Aggregates kept between commands: one borrower at a time, nothing unsaved, not too many."""

from uuid import UUID

from given import CLIENT, definition, given, registered, template_registered

from registry import aggregate_cache
from registry.aggregate_cache import AggregateCache
from registry.commands import ReviseDataset
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate


def test_an_aggregate_is_lent_to_one_borrower_at_a_time():
    cache, kept, blank = AggregateCache(), given(registered()).aggregate, DatasetRegistry(CLIENT)
    cache.put(kept)

    assert cache.take(blank) is kept
    assert cache.take(blank) is blank


def test_an_unknown_aggregate_starts_blank():
    blank = DatasetRegistry(CLIENT)
    assert AggregateCache().take(blank) is blank


def test_what_is_not_saved_is_not_kept():
    cache, blank = AggregateCache(), DatasetRegistry(CLIENT)
    changed = given(registered()).when(ReviseDataset(name="Tickets")).aggregate

    cache.put(changed)
    assert cache.take(blank) is blank

    changed.collect_events()
    cache.put(changed)
    assert cache.take(blank) is changed


def test_templates_are_not_kept():
    cache, template = AggregateCache(), given(template_registered(definition())).aggregate
    blank = DatasetTemplate(template.id)

    cache.put(template)

    assert cache.take(blank) is blank


def test_those_put_back_longest_ago_make_room_for_others(monkeypatch):
    monkeypatch.setattr(aggregate_cache, "MAX_AGGREGATES", 2)
    cache = AggregateCache()
    first, second, third = (DatasetRegistry(UUID(int=number)) for number in range(3))
    for aggregate in (first, second, first, third):
        cache.put(cache.take(aggregate))

    blanks = [DatasetRegistry(aggregate.client_id) for aggregate in (first, second, third)]
    assert [cache.take(blank) for blank in blanks] == [first, blanks[1], third]
