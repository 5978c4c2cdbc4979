"""Whatever is asked of a registry, its rules hold and its state follows from its events.

Any commands in any order are decided by the registry and, independently, by a model of a few
dictionaries; both have to agree on what is refused, and why, and on what is left.
"""

from collections import Counter
from fractions import Fraction
from uuid import UUID

from given import CLIENT, SOMEBODY, checks, configuration
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from registry import errors
from registry.commands import (
    ChangeDatasetStatus,
    RecordConnectorHealth,
    RecordQualityChecks,
    RegisterConnector,
    RegisterDataset,
    RemoveConnector,
    RetireDataset,
    ReviseConnector,
    ReviseDataset,
)
from registry.dataset_registry import DatasetRegistry
from registry.snapshots import restore, snapshot_of
from registry.store import EventMapper
from registry.submission import Submission, decide
from tests.rounds import rounds

MAPPER = EventMapper()
WEIGHTS = {
    "schema_validation": Fraction(3, 10),
    "data_completeness": Fraction(3, 10),
    "connector_health": Fraction(2, 10),
    "sample_query_success": Fraction(2, 10),
}
FOLLOWING = {
    "provisioning": {"validating", "failed", "retired"},
    "validating": {"ready", "failed", "retired"},
    "ready": {"validating", "failed", "retired"},
    "failed": {"provisioning", "retired"},
}
ACTIVE = {"provisioning", "validating", "ready"}
SAME_NAMES = {"Jira": 1, "JIRA": 1, "ｊｉｒａ": 1, "Straße": 2, "STRASSE": 2, "Slack": 3}

dataset_ids = st.integers(1, 4).map(lambda number: UUID(int=number))
connector_ids = st.integers(11, 13).map(lambda number: UUID(int=number))
slots = st.tuples(st.sampled_from(["sandbox", "staging"]), st.sampled_from(["jira", "slack"]))
statuses = st.sampled_from([*FOLLOWING, "retired"])
scores = st.sampled_from([100.0, 95.0, 94.99999999999999, 75.0])
reports = st.dictionaries(st.sampled_from([*WEIGHTS]), scores, min_size=1)
full_reports = st.fixed_dictionaries({name: st.sampled_from([100.0, 95.0]) for name in WEIGHTS})
names = st.sampled_from([*SAME_NAMES])


class RegistryLaws(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.registry = DatasetRegistry(CLIENT)
        self.slots, self.statuses, self.scores, self.connectors = {}, {}, {}, {}

    def agree(self, command, target, refusal):
        """Have the registry decide; return whether it carried the command out, as it should."""
        submission = Submission(
            command=command, target=target, provenance=SOMEBODY, client_id=CLIENT
        )
        outcome = decide(self.registry, submission)
        assert type(outcome.error) is (refusal or type(None))
        return refusal is None

    def holders(self, slot):
        return [
            each
            for each, status in self.statuses.items()
            if status in ACTIVE and self.slots[each] == slot
        ]

    def is_good_enough(self, dataset_id):
        reported = self.scores[dataset_id]
        if len(reported) < 4:
            return None
        return sum(WEIGHTS[name] * Fraction(repr(reported[name])) for name in WEIGHTS) >= 95

    def refusal_of_status(self, dataset_id, after):
        before = self.statuses[dataset_id]
        if after not in FOLLOWING[before]:
            return errors.TransitionForbidden
        if after == "ready" and self.is_good_enough(dataset_id) is None:
            return errors.QualityIncomplete
        if after == "ready" and not self.is_good_enough(dataset_id):
            return errors.QualityTooLow
        if after == "provisioning" and self.holders(self.slots[dataset_id]):
            return errors.SlotTaken
        return None

    def becomes(self, dataset_id, status):
        self.statuses[dataset_id] = status
        if status == "provisioning":
            self.scores[dataset_id] = {}
        if status == "retired":
            del self.statuses[dataset_id], self.slots[dataset_id], self.scores[dataset_id]

    @rule(dataset_id=dataset_ids, slot=slots)
    def register_dataset(self, dataset_id, slot):
        stage, dataset_type = slot
        command = RegisterDataset(
            name="Any", dataset_type=dataset_type, stage=stage, journey_id=UUID(int=0)
        )
        refusal = errors.SlotTaken if self.holders(slot) else None
        if dataset_id in self.statuses:
            refusal = errors.DatasetIdTaken
        if self.agree(command, dataset_id, refusal):
            self.slots[dataset_id] = slot
            self.becomes(dataset_id, "provisioning")

    @rule(dataset_id=dataset_ids, name=names)
    def revise_dataset(self, dataset_id, name):
        missing = None if dataset_id in self.statuses else errors.DatasetNotFound
        self.agree(ReviseDataset(name=name), dataset_id, missing)

    @precondition(lambda self: self.statuses)
    @rule(data=st.data(), after=statuses)
    def change_status(self, data, after):
        dataset_id = data.draw(st.sampled_from([*self.statuses]))
        command = ChangeDatasetStatus(status=after)
        if after == self.statuses[dataset_id]:
            self.agree(command, dataset_id, None)
        elif self.agree(command, dataset_id, self.refusal_of_status(dataset_id, after)):
            self.becomes(dataset_id, after)

    @rule(dataset_id=dataset_ids)
    def retire_dataset(self, dataset_id):
        missing = None if dataset_id in self.statuses else errors.DatasetNotFound
        if self.agree(RetireDataset(), dataset_id, missing):
            self.becomes(dataset_id, "retired")

    @rule(dataset_id=dataset_ids, report=reports | full_reports, promote=st.booleans())
    def record_quality(self, dataset_id, report, promote):
        missing = None if dataset_id in self.statuses else errors.DatasetNotFound
        command = RecordQualityChecks(checks=checks(**report), promote=promote)
        if self.agree(command, dataset_id, missing):
            self.scores[dataset_id] |= report
            match self.statuses[dataset_id], self.is_good_enough(dataset_id):
                case "ready", None | False:
                    self.becomes(dataset_id, "validating")
                case "validating", True if promote:
                    self.becomes(dataset_id, "ready")

    @rule(connector_id=connector_ids, name=names)
    def register_connector(self, connector_id, name):
        command = RegisterConnector(name=name, configuration=configuration())
        refusal = self.refusal_of_name(connector_id, name)
        if connector_id in self.connectors:
            refusal = errors.ConnectorIdTaken
        if self.agree(command, connector_id, refusal):
            self.connectors[connector_id] = name

    @rule(connector_id=connector_ids, name=names)
    def revise_connector(self, connector_id, name):
        refusal = self.refusal_of_name(connector_id, name)
        if connector_id not in self.connectors:
            refusal = errors.ConnectorNotFound
        if self.agree(ReviseConnector(name=name), connector_id, refusal):
            self.connectors[connector_id] = name

    @rule(connector_id=connector_ids, is_removed=st.booleans())
    def look_at_or_remove_connector(self, connector_id, is_removed):
        missing = None if connector_id in self.connectors else errors.ConnectorNotFound
        command = RemoveConnector() if is_removed else RecordConnectorHealth(health="healthy")
        if self.agree(command, connector_id, missing) and is_removed:
            del self.connectors[connector_id]

    def refusal_of_name(self, connector_id, name):
        holders = {SAME_NAMES[name]: holder for holder, name in self.connectors.items()}
        holder = holders.get(SAME_NAMES[name], connector_id)
        return None if holder == connector_id else errors.ConnectorNameTaken

    @invariant()
    def the_registry_and_the_model_agree(self):
        datasets, connectors = self.registry.datasets, self.registry.connectors
        assert {each.id: str(each.status) for each in datasets.values()} == self.statuses
        assert {each.id: each.name for each in connectors.values()} == self.connectors
        assert self.registry.total_datasets == len(self.statuses)

    @invariant()
    def at_most_one_dataset_is_active_per_stage_and_type(self):
        active = [each for each in self.registry.datasets.values() if each.status.is_active]
        taken = Counter((each.stage, each.dataset_type) for each in active)
        assert set(taken.values()) <= {1}

    @invariant()
    def a_ready_dataset_has_four_checks_and_a_score_of_95(self):
        for dataset in self.registry.datasets.values():
            if dataset.status == "ready":
                assert len(dataset.checks) == 4
                assert self.is_good_enough(dataset.id)

    @invariant()
    def connector_names_are_unique(self):
        same = [SAME_NAMES[each.name] for each in self.registry.connectors.values()]
        assert len(same) == len(set(same))

    @invariant()
    def replaying_all_events_gives_the_same_state(self):
        again = DatasetRegistry(CLIENT)
        for event in self.registry.pending_events:
            again.apply(MAPPER.to_domain_event(MAPPER.to_stored_event(event)))
        assert state(again) == state(self.registry)

    @precondition(lambda self: self.registry.version)
    @invariant()
    def a_snapshot_restores_the_same_state(self):
        snapshot = MAPPER.to_stored_event(snapshot_of(self.registry))
        again = DatasetRegistry(CLIENT)
        restore(again, MAPPER.to_domain_event(snapshot))
        assert state(again) == state(self.registry)


def state(registry):
    """Return all that a registry knows but what it has yet to save."""
    unsaved = {"_pending", "provenance"}
    return {name: value for name, value in vars(registry).items() if name not in unsaved}


TestRegistryLaws = RegistryLaws.TestCase
TestRegistryLaws.settings = settings(max_examples=rounds(40), stateful_step_count=30, deadline=None)
