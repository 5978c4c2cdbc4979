"""The domain: aggregates, commands, events and the store that keeps them."""
