"""Scanning sources for templates and issuing commands for what is found."""
