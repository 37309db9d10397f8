"""Walking through a connection page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .answer import Answer
from .documents import Document
from .errors import AnswerLost, ServerFault, ShopifyError, TooCostly, UnreadableAnswer
from .wording import _lt

FAULTS_IN_A_ROW = 2


class Page(NamedTuple):
    """The records of one page, the cursor after its last one, and whether more follow."""

    nodes: list[dict[str, Any]]
    end_cursor: str | None
    has_next: bool


def pages(
    client_execute: Callable[[Document, Mapping[str, Any]], Answer],
    document: Document,
    variables: Mapping[str, Any],
    path: str | Sequence[str],
    *,
    size_variable: str = "first",
    cursor_variable: str = "after",
) -> Iterator[Page]:
    """Yield the pages of the connection at `path` in the answer's data ("orders", or ("product", "variants")).

    `variables` holds the first page size, and the cursor to go on from if there is one. A page that is too costly, or
    that Shopify fails to answer, is asked for again at half the size; the smaller size stays. A costly page shrinks
    down to one record; after a fault or timeout at most twice in a row, so that an outage is not asked on and on.
    Other errors come through, and so does throttling: go on later with the last `end_cursor`. Never sleeps.
    """
    keys = [path] if isinstance(path, str) else list(path)
    variables = dict(variables)
    faults = 0
    while True:
        try:
            answer = client_execute(document, variables)
        except (TooCostly, ServerFault, AnswerLost) as error:
            size = variables[size_variable]
            faults += not isinstance(error, TooCostly)
            if size <= 1 or faults > FAULTS_IN_A_ROW or not _is_about_size(error):
                raise
            variables[size_variable] = size // 2
            continue
        faults = 0
        page = _page(answer, keys, document)
        if page.has_next and page.end_cursor in (None, variables.get(cursor_variable)):
            raise UnreadableAnswer(
                _lt(
                    "%(request)s: Shopify says that more follows but not from where.",
                    request=document.operation_name,
                ),
                request_id=answer.request_id,
            )
        yield page
        if not page.has_next:
            return
        variables[cursor_variable] = page.end_cursor


def fitting(size: int, error: TooCostly) -> int:
    """Return how many records to ask for instead of `size`, which were too costly; 0 when fewer cannot be asked for."""
    if size < 2:
        return 0
    fits = int(size * error.max_cost // error.cost) if error.cost and error.max_cost else size // 2
    return max(1, min(fits, size - 1))


def _is_about_size(error: ShopifyError) -> bool:
    """Tell a page that may be too much from a broken line and from a server that asks to wait."""
    if isinstance(error, AnswerLost):
        return error.timed_out
    return error.retry_after is None


def _page(answer: Answer, keys: Sequence[str], document: Document) -> Page:
    value: Any = answer.data
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    info = value.get("pageInfo") if isinstance(value, dict) else None
    if not isinstance(info, dict):
        raise UnreadableAnswer(
            _lt(
                "%(request)s: the answer holds no %(name)s; the record may be gone from Shopify.",
                request=document.operation_name,
                name=".".join(keys),
            ),
            request_id=answer.request_id,
        )
    nodes = value["nodes"] if "nodes" in value else [edge["node"] for edge in value.get("edges", ())]
    return Page(nodes, info.get("endCursor"), bool(info.get("hasNextPage")))
