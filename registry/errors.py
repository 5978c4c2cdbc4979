"""What can go wrong in the domain; each error's docstring is the sentence its reader sees.

RegistryError
├── InvalidValue
│   ├── SecretInConfiguration
│   └── KeyReused
├── NotFound
│   ├── DatasetNotFound
│   ├── ConnectorNotFound
│   ├── TemplateNotFound
│   ├── SourceNotListed
│   ├── ScanNotFound
│   ├── FieldNotFound
│   └── RefinementNotFound
├── RuleBroken
│   ├── SlotTaken
│   ├── TransitionForbidden
│   ├── QualityIncomplete
│   ├── QualityTooLow
│   ├── ConnectorNameTaken
│   ├── DatasetIdTaken
│   ├── ConnectorIdTaken
│   ├── TemplateRetired
│   ├── ScanWaiting
│   ├── ScanRunning
│   ├── ScanTakenOver
│   ├── TemplateNotRecommended
│   └── IncompatibleSchema
├── NotCarriedOut
├── Conflict
│   ├── VersionMismatch
│   ├── TooManyConflicts
│   ├── KeyInFlight
│   └── OutcomeUnknown
└── StoreUnavailable
"""

from typing import Any


class RegistryError(Exception):
    """The registry refused the command."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(" ".join((type(self).__doc__ or "").split()).format(**facts))


class InvalidValue(RegistryError, ValueError):
    """The value at {place} cannot be recorded: {reason}."""


class SecretInConfiguration(InvalidValue):
    """The configuration holds what looks like a secret at {place}. Events are kept for ever, so
    name the secret by reference instead, as in "env:NAME" or "vault:path/to/secret"."""


class KeyReused(InvalidValue):
    """The Idempotency-Key "{key}" was used for another request; give each request its own."""


class NotFound(RegistryError, LookupError):
    """There is no such thing in the registry."""


class DatasetNotFound(NotFound):
    """There is no dataset {dataset_id} among this client's datasets, or it is retired, and
    nothing leaves retired."""


class ConnectorNotFound(NotFound):
    """There is no connector {connector_id} among this client's connectors."""


class TemplateNotFound(NotFound):
    """There is no template {template_id}; register it first."""


class SourceNotListed(NotFound):
    """There is no source "{source}". A source is scanned once the discovery.toml of a running
    "discovery watch" names it."""


class ScanNotFound(NotFound):
    """Scan {scan_id} of the source "{source}" has ended, or was never requested."""


class FieldNotFound(NotFound):
    """The schema of template {template_id} has no field {field}, or it is no member of an object
    and so cannot be required."""


class RefinementNotFound(NotFound):
    """Nothing is said of the field {field} of template {template_id}."""


class RuleBroken(RegistryError):
    """The command breaks a rule of the domain."""


class SlotTaken(RuleBroken):
    """Dataset {holder} is already the active {dataset_type} dataset in {stage}; there may be one
    per stage and type. Retire or fail it first."""


class TransitionForbidden(RuleBroken):
    """A dataset cannot go from {before} to {after}; from {before} it may go to {allowed}."""


class QualityIncomplete(RuleBroken):
    """READY needs all four quality checks; still to be reported: {missing}."""


class QualityTooLow(RuleBroken):
    """READY needs a quality score of at least {threshold}; this dataset's is {score}."""


class ConnectorNameTaken(RuleBroken):
    """Connector {holder} is already named "{name}"; names are unique without regard to case."""


class DatasetIdTaken(RuleBroken):
    """Dataset {dataset_id} is registered already; leave the id out to be given a new one."""


class ConnectorIdTaken(RuleBroken):
    """Connector {connector_id} is registered already; leave the id out to be given a new one."""


class TemplateRetired(RuleBroken):
    """Template {template_id} is retired; restore it before revising it."""


class ScanWaiting(RuleBroken):
    """Scan {scan_id} of the source "{source}" waits already, and will find all there is when it
    starts."""


class ScanRunning(RuleBroken):
    """Scan {scan_id} of the source "{source}" runs; the next one starts when it has ended."""


class ScanTakenOver(RuleBroken):
    """Scan {scan_id} of the source "{source}" was taken over by another worker."""


class TemplateNotRecommended(RuleBroken):
    """Template {template_id} was not among those of this recommendation; judge one that was."""


class IncompatibleSchema(RuleBroken):
    """The schema breaks {mode}, the compatibility mode of template {template_id}: {why}. Keep what
    was promised, or have an administrator accept the break with `accept_breaking` and a reason."""


class NotCarriedOut(RegistryError):
    """Not carried out, because another command of the same all-or-none batch was refused."""


class Conflict(RegistryError):
    """Somebody else changed the same thing at the same time."""


class VersionMismatch(Conflict):
    """Version {expected} was expected, but the current one is {current}. Read it again, then
    decide again."""


class TooManyConflicts(Conflict):
    """The command lost the race for the same aggregate {attempts} times. Try again later."""


class KeyInFlight(Conflict):
    """A request with the Idempotency-Key "{key}" is under way. Wait for its answer."""


class OutcomeUnknown(Conflict):
    """The database went away while the events were being saved, so whether they were is not
    known. Read the result before sending the command again, or send it with an Idempotency-Key."""


class StoreUnavailable(RegistryError):
    """The database cannot be reached, and nothing was recorded. Try again later."""
