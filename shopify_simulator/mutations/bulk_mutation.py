"""bulkOperationRunMutation: a mutation for each line of variables of an uploaded file."""

from __future__ import annotations

import json

from graphql import OperationType

from ..bulk import MOST_RUNNING, as_lines
from ..errors import access_denied
from ..resolvers.registry import resolver
from .bulk import connections
from .problems import Wrong, answering

MOST_CONNECTIONS = 1


@resolver("Mutation.bulkOperationRunMutation")
@answering("bulk_operation")
def run_mutation(_root, info, mutation, stagedUploadPath, clientIdentifier=None, **_args):
    """Plan the work; a job does it."""
    app, store = info.context.app, info.context.store
    if store.bulk.refuse == "ACCESS_DENIED":
        raise access_denied("bulkOperationRunMutation", "bulk operations must be enabled for the app")
    if store.bulk.refuse or store.bulk.running("MUTATION") >= MOST_RUNNING:
        code, store.bulk.refuse = store.bulk.refuse or "LIMIT_REACHED", None
        raise Wrong("A bulk mutation operation for this app and shop is already in progress", code=code)
    upload = store.storefront.uploads.get(stagedUploadPath)
    if upload is None or upload.body is None or upload.resource != "BULK_MUTATION_VARIABLES":
        text = "The JSONL file could not be found. Try uploading the file again."
        raise Wrong(text, "stagedUploadPath", code="NO_SUCH_FILE")
    _check(app.engine.document(mutation))
    try:
        inputs = [json.loads(line) for line in upload.body.splitlines() if line.strip()]
    except ValueError as error:
        text = "Failed to parse JSON in the bulk mutation variables file"
        raise Wrong(text, "stagedUploadPath", code="INVALID_STAGED_UPLOAD_FILE") from error
    made, scopes = store.bulk.add(mutation, store.clock.now(), "MUTATION"), list(app.access.scopes)

    def work() -> None:
        made.result = as_lines([app.execute(mutation, variables, scopes) for variables in inputs])
        made.objects = made.roots = len(inputs)
        made.completed_at = store.clock.now()

    made.job = store.jobs.add(work, len(inputs) / store.bulk.rate if store.bulk.rate else 0.0)
    return {"bulk_operation": made}


def _check(document) -> None:
    """Refuse what is not one mutation with one field, or asks for more than one list of records."""
    if document.errors:
        raise Wrong(document.errors[0]["message"], "mutation", code="INVALID_MUTATION")
    operations = list(document.operations.values())
    roots = operations[0].selection_set.selections if len(operations) == 1 else []
    if len(roots) != 1 or operations[0].operation is not OperationType.MUTATION:
        text = "You must specify one mutation with one top-level field"
        raise Wrong(text, "mutation", code="INVALID_MUTATION")
    if connections(operations[0].selection_set)[0] > MOST_CONNECTIONS:
        text = f"Bulk mutations cannot contain more than {MOST_CONNECTIONS} connection."
        raise Wrong(text, "mutation", code="INVALID_MUTATION")
