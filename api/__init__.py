"""The query and command side over HTTP."""
