"""bulkOperationRunQuery and what goes with it."""

from __future__ import annotations

from graphql import FieldNode, InlineFragmentNode

from ..bulk import MOST_RUNNING, as_jsonl, lines_of
from ..resolvers.common import Box, number_of
from ..resolvers.registry import Context, aliases, resolver

MOST_CONNECTIONS, DEEPEST = 5, 2


@resolver("Mutation.bulkOperationRunQuery")
def run_query(_root, info, query, groupObjects=False, **_args):
    context = info.context
    store, engine = context.store, context.app.engine
    if store.bulk.refuse:
        code, store.bulk.refuse = store.bulk.refuse, None
        return _refused("A bulk query operation for this app and shop is already in progress", code)
    if store.bulk.running("QUERY") >= MOST_RUNNING:
        return _refused("The maximum number of concurrent bulk operations has been reached", "LIMIT_REACHED")
    document = engine.document(query)
    problem = _problem(document)
    if problem:
        return _refused(problem, "INVALID")
    made = store.bulk.add(query, store.clock.now())

    def work() -> None:
        own = Context(store, context.granted, context.app, bulk=True)
        operation = next(iter(document.operations.values()))
        body = engine.run(document, operation, {}, own)
        made.completed_at = store.clock.now()
        if body.get("errors"):
            made.problem = body["errors"][0].get("extensions", {}).get("code", "INTERNAL_SERVER_ERROR")
            return
        rows = list(lines_of(body["data"]))
        made.objects, made.roots = len(rows), sum(root for _row, root in rows)
        made.result = as_jsonl([row for row, _root in rows])

    made.job = store.jobs.add(work)
    return Box(bulk_operation=made, user_errors=[])


@resolver("Mutation.bulkOperationCancel")
def cancel(_root, info, id):  # noqa: A002
    found = info.context.store.bulk.find(number_of(id, "BulkOperation"))
    if found is None:
        problem = Box("UserError", field=["id"], message="Bulk operation does not exist")
        return Box(bulk_operation=None, user_errors=[problem])
    if found.running:
        found.cancelled = True
        found.job.done = True
    return Box(bulk_operation=found, user_errors=[])


@resolver("QueryRoot.bulkOperation")
def bulk_operation(_root, info, id):  # noqa: A002
    return info.context.store.bulk.find(number_of(id, "BulkOperation"))


@resolver("BulkOperation.url")
def url(one, info):
    if one.status != "COMPLETED" or not one.objects:
        return None
    return f"http://{info.context.app.domain}/_bulk/{one.id}.jsonl"


def _error_code(one) -> str | None:
    if one.status != "FAILED":
        return None
    return "ACCESS_DENIED" if one.problem == "ACCESS_DENIED" else "INTERNAL_SERVER_ERROR"


aliases(
    {
        "BulkOperation.errorCode": _error_code,
        "BulkOperation.fileSize": lambda one: len(one.result) if one.result else None,
        "BulkOperation.objectCount": lambda one: one.objects,
        "BulkOperation.rootObjectCount": lambda one: one.roots,
        "BulkOperation.partialDataUrl": lambda _one: None,
        "BulkOperation.type": lambda one: one.kind,
    }
)


def _refused(message: str, code: str) -> Box:
    problem = Box("BulkOperationUserError", code=code, field=["query"], message=message)
    return Box(bulk_operation=None, user_errors=[problem])


def _problem(document) -> str | None:
    """Why a query cannot be run in bulk."""
    if document.errors:
        return "; ".join(error["message"] for error in document.errors)
    operations = list(document.operations.values())
    if len(operations) != 1 or operations[0].operation.value != "query":
        return "Bulk operations take exactly one query"
    if len(operations[0].selection_set.selections) != 1:
        return "Bulk queries must contain one top-level field"
    count, depth = connections(operations[0].selection_set)
    if not count:
        return "Bulk queries must contain at least one connection."
    if count > MOST_CONNECTIONS:
        return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
    if depth > DEEPEST:
        return f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST}."
    return None


def connections(selections) -> tuple[int, int]:
    """How many connections a selection holds, and how deep they lie in each other."""
    count, depth = 0, 0
    for node in selections.selections if selections else ():
        inner, below = (0, 0)
        if isinstance(node, FieldNode | InlineFragmentNode):
            inner, below = connections(node.selection_set)
        own = isinstance(node, FieldNode) and any(
            isinstance(one, FieldNode) and one.name.value in ("edges", "nodes")
            for one in (node.selection_set.selections if node.selection_set else ())
        )
        count, depth = count + inner + own, max(depth, below + own)
    return count, depth
