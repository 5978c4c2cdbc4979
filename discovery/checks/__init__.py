"""The quality checks of datasets, carried out: on their records, their connectors, by queries."""
