"""Judged requests for templates: a seeded catalogue, clients who ask, and rules that judge."""
