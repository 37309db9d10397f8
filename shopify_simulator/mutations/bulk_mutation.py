"""bulkOperationRunMutation, bulkOperationCancel and reading operations."""

from __future__ import annotations

import json

from graphql import GraphQLError, OperationType, parse

from .. import search
from ..bulk import MAX_RUNNING
from ..errors import access_denied
from ..resolvers.common import number_of
from ..resolvers.products import found
from ..resolvers.registry import aliases, resolver
from .problems import Wrong, answering


@resolver("Mutation.bulkOperationRunMutation")
@answering("bulk_operation")
def run_mutation(_root, info, mutation, stagedUploadPath, clientIdentifier=None, **_args):
    """Run a mutation with each line of an uploaded file as its variables."""
    app = info.context.app
    if not app.bulk.enabled:
        raise access_denied("bulkOperationRunMutation", "bulk operations to be enabled for the app")
    if app.bulk.running("MUTATION") >= MAX_RUNNING:
        text = "A bulk mutation operation for this app and shop is already in progress"
        raise Wrong(text, code="LIMIT_REACHED")
    upload = app.store.shelf.uploads.get(stagedUploadPath)
    if upload is None or upload.body is None or upload.resource != "BULK_MUTATION_VARIABLES":
        raise Wrong("The JSONL file could not be found. Try uploading the file again.", "stagedUploadPath",
                    code="NO_SUCH_FILE")  # fmt: skip
    _check(app, mutation)
    try:
        lines = [json.loads(line) for line in upload.body.splitlines() if line.strip()]
    except ValueError as error:
        text = "Failed to parse JSON in the bulk mutation variables file"
        raise Wrong(text, "stagedUploadPath", code="INVALID_STAGED_UPLOAD_FILE") from error
    return {"bulk_operation": app.bulk.start_mutation(mutation, lines, list(app.access.scopes), clientIdentifier)}


def _check(app, mutation: str) -> None:
    try:
        parse(mutation)
    except GraphQLError as error:
        raise Wrong(f"Failed to parse the mutation - {error.message}", "mutation", code="INVALID_MUTATION") from error
    document = app.engine.document(mutation)
    if document.errors:
        raise Wrong(document.errors[0]["message"], "mutation", code="INVALID_MUTATION")
    operations = list(document.operations.values())
    roots = operations[0].selection_set.selections if len(operations) == 1 else []
    if len(roots) != 1 or operations[0].operation is not OperationType.MUTATION:
        text = "You must specify one mutation with one top-level field"
        raise Wrong(text, "mutation", code="INVALID_MUTATION")


@resolver("Mutation.bulkOperationCancel")
@answering("bulk_operation")
def cancel(_root, info, id):  # noqa: A002 - argument name is Shopify's
    """End an operation that is not done."""
    one = info.context.app.bulk.find(number_of(id, "BulkOperation"))
    if one is None:
        raise Wrong("Bulk operation does not exist", "id")
    if one.status in ("CREATED", "RUNNING"):
        one.status, one.completed_at = "CANCELED", info.context.store.clock.now()
    return {"bulk_operation": one}


@resolver("QueryRoot.bulkOperation")
def operation(_root, info, id):  # noqa: A002 - argument name is Shopify's
    bulk = info.context.app.bulk
    one = bulk.find(number_of(id, "BulkOperation"))
    return bulk.look(one) if one else None


@resolver("QueryRoot.bulkOperations")
def operations(_root, info, query=None, sortKey="CREATED_AT", reverse=False, **_args):
    bulk = info.context.app.bulk
    fields = search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "status": search.listed_field(lambda one: one.status),
            "operation_type": search.listed_field(lambda one: one.type),
        },
        search.text_field(lambda one: one.status),
    )
    every = [bulk.look(one) for one in bulk.operations.values()]
    return sorted(found(info, every, fields, query), key=lambda one: one.created_at)


def _url(one, info) -> str | None:
    if one.status != "COMPLETED" or not one.result:
        return None
    return f"http://{info.context.store.shop.domain}/_files/bulk/{one.id}"


@resolver("BulkOperation.url")
def url(one, info):
    return _url(one, info)


@resolver("BulkOperation.fileSize")
def file_size(one, _info):
    return sum(len(line) + 1 for line in one.result) if one.completed_at else None


aliases({"BulkOperation.partialDataUrl": lambda one: None})
