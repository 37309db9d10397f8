"""The pages of the simulated store: plain HTML for people who want to see both sides move."""

from .site import Reply, Site

__all__ = ["Reply", "Site"]
