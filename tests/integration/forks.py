"""Processes that start in milliseconds, and share nothing with the tests' own."""

from multiprocessing import get_context

processes = get_context("forkserver")
processes.set_forkserver_preload(["pytest", "registry.application", "projections.projector"])
