"""Connections: pages of a list with cursors, as Shopify pages them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from .errors import ShopifyError

MAX_PAGE = 250


class Edge:
    """A node with its cursor."""

    __slots__ = ("cursor", "node")

    def __init__(self, cursor: str, node: object):
        self.cursor = cursor
        self.node = node


class PageInfo:
    """Where a page begins and ends, and whether there is more."""

    __slots__ = ("end_cursor", "has_next_page", "has_previous_page", "start_cursor")

    def __init__(self, page: Page):
        positions = page.positions
        self.start_cursor = cursor(positions[0]) if positions else None
        self.end_cursor = cursor(positions[-1]) if positions else None
        self.has_next_page = page.more_after
        self.has_previous_page = page.more_before


class Page:
    """One page of a connection. ``positions``: what the cursor of each node holds."""

    __slots__ = ("more_after", "more_before", "nodes", "positions")

    def __init__(self, nodes: Sequence, positions: Sequence[dict], more_after: bool, more_before: bool):
        self.nodes = nodes
        self.positions = positions
        self.more_after = more_after
        self.more_before = more_before

    @property
    def edges(self) -> list[Edge]:
        return [Edge(cursor(position), node) for position, node in zip(self.positions, self.nodes, strict=True)]

    @property
    def page_info(self) -> PageInfo:
        return PageInfo(self)


def cursor(position: dict) -> str:
    """The opaque cursor of a position."""
    return base64.b64encode(json.dumps(position, separators=(",", ":")).encode()).decode()


def parse_cursor(text: str) -> dict:
    """What a cursor holds; Shopify's error for anything that is none."""
    try:
        found = json.loads(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise bad_cursor() from error
    if not isinstance(found, dict):
        raise bad_cursor()
    return found


def bad_cursor() -> ShopifyError:
    """Shopify's answer to a cursor of another list or order."""
    return ShopifyError("Invalid cursor for current pagination sort.", "BAD_REQUEST")


def page_size(args: dict) -> tuple[int, bool]:
    """Nodes asked for, and whether from the end; Shopify's errors for neither, both, or out of range."""
    first, last = args.get("first"), args.get("last")
    if first is None and last is None:
        raise ShopifyError("you must provide one of first or last", "BAD_REQUEST")
    if first is not None and last is not None:
        raise ShopifyError("providing both first and last is not supported", "BAD_REQUEST")
    name, size = ("first", first) if first is not None else ("last", last)
    if size < 0:
        raise ShopifyError(f"{name} cannot be negative", "BAD_REQUEST")
    if size > MAX_PAGE:
        raise ShopifyError(f"{name} cannot exceed {MAX_PAGE}", "BAD_REQUEST")
    return size, first is None


def page_of_list(items: Sequence, args: dict) -> Page:
    """A page of a list that is at hand. Cursors hold the node's id, so they stay good when nodes come or go."""
    size, from_end = page_size(args)
    nodes = list(reversed(items)) if args.get("reverse") else items
    start, end = 0, len(nodes)
    if args.get("after"):
        start = _find(nodes, args["after"]) + 1
    if args.get("before"):
        end = _find(nodes, args["before"])
    if from_end:
        start = max(start, end - size)
    else:
        end = min(end, start + size)
    chosen = nodes[start:end]
    positions = [{"last_id": _key(start + index, node)} for index, node in enumerate(chosen)]
    return Page(chosen, positions, end < len(nodes), start > 0)


def _key(index: int, item: object) -> int:
    number = getattr(item, "id", None)
    return number if isinstance(number, int) else index


def _find(nodes: Sequence, text: str) -> int:
    wanted = parse_cursor(text).get("last_id")
    for index, node in enumerate(nodes):
        if _key(index, node) == wanted:
            return index
    raise bad_cursor()
