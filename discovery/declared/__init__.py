"""Documents that declare the data beside them: data packages, Croissant and CSVW metadata."""

from discovery.declared.claims import claimed, may_declare
from discovery.declared.declared_datasets import DeclaredDatasets

__all__ = ["DeclaredDatasets", "claimed", "may_declare"]
