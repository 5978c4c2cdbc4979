"""The sample templates that ship with the product, and the generator that writes them."""
