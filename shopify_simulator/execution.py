"""Running GraphQL documents on Shopify's schema: parsed and checked once per text, then executed on a store."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache

from graphql import (
    DocumentNode,
    ExecutionContext,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute,
    get_named_type,
    parse,
    validate,
    visit,
)

from . import mutations  # noqa: F401 - registers the mutations
from .cost import query_cost
from .errors import formatted
from .resolvers import Context, guard, install, read, type_of
from .schema import load_schema
from .scopes import Requirement, access_table

KEPT_DOCUMENTS = 500
_logger = logging.getLogger(__name__)

PERSONAL = frozenset(
    {
        ("Customer", name)
        for name in ["firstName", "lastName", "defaultEmailAddress", "defaultPhoneNumber", "email", "phone"]
    }
    | {
        ("MailingAddress", name)
        for name in [
            "firstName",
            "lastName",
            "name",
            "company",
            "address1",
            "address2",
            "phone",
            "latitude",
            "longitude",
        ]
    }
    | {("Order", name) for name in ["email", "phone", "clientIp"]}
    | {
        ("FulfillmentOrderDestination", name)
        for name in ["firstName", "lastName", "address1", "address2", "phone", "email", "company"]
    }
)
"""Fields that are null for an app without access to protected customer data."""


@dataclass(slots=True)
class Document:
    """A parsed document with what was found out about it."""

    ast: DocumentNode | None
    errors: list[dict] = field(default_factory=list)
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    needs: dict[tuple[str, str], Requirement] = field(default_factory=dict)
    deprecated: list[str] = field(default_factory=list)


class Engine:
    """Shopify's schema of one version with the resolvers hung on it. Holds no state of any store."""

    def __init__(self, version: str):
        self.version = version
        self.schema: GraphQLSchema = load_schema(version)
        install(self.schema)
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._lock = threading.Lock()

    def document(self, text: str) -> Document:
        """The document of a text, from the cache if it was seen before."""
        with self._lock:
            known = self._documents.get(text)
        if known is None:
            known = self._examine(text)
            with self._lock:
                self._documents[text] = known
                if len(self._documents) > KEPT_DOCUMENTS:
                    self._documents.popitem(last=False)
        return known

    def cost(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: dict,
        sizes: dict | None = None,
        each_id: bool = False,
    ) -> int:
        """Requested cost in points; with ``sizes`` of what was found, the actual cost."""
        return query_cost(self.schema, document.ast, operation, variables, sizes, each_id)

    def run(self, document: Document, operation: OperationDefinitionNode, variables: dict, context: Context) -> dict:
        """Execute an operation: ``{"data": ...}`` with ``errors`` where there are some."""
        for where, needed in document.needs.items():
            if not needed.met(context.granted):
                context.denied[where] = needed.text
        if not context.store.shop.personal_data:
            context.hidden = PERSONAL
        result = execute(
            self.schema,
            document.ast,
            context_value=context,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
            field_resolver=read,
            type_resolver=type_of,
            middleware=[guard] if context.denied or context.hidden else None,
            execution_context_class=ExecutionContext,
        )
        answer: dict = {}
        if result.errors:
            for error in result.errors:
                if _ours(error):
                    _logger.error("the simulator failed at %s", error.path, exc_info=error.original_error)
            answer["errors"] = [formatted(error) for error in result.errors]
        if result.data is not None or not result.errors:
            answer["data"] = result.data
        elif _reached_execution(result.errors):
            answer["data"] = None
        return answer

    def _examine(self, text: str) -> Document:
        try:
            ast = parse(text)
        except GraphQLError as error:
            return Document(None, [formatted(error)])
        errors = validate(self.schema, ast)
        if errors:
            return Document(ast, [formatted(error) for error in errors])
        document = Document(ast)
        for node in ast.definitions:
            if isinstance(node, OperationDefinitionNode):
                document.operations[node.name.value if node.name else None] = node
        info = TypeInfo(self.schema)
        visit(ast, TypeInfoVisitor(info, _Survey(info, access_table(self.version), document)))
        return document


class _Survey(Visitor):
    """Collects needed scopes and deprecated fields of a document."""

    def __init__(self, info: TypeInfo, table, document: Document):
        super().__init__()
        self.info = info
        self.table = table
        self.document = document

    def enter_field(self, node, *_args):
        parent, definition = self.info.get_parent_type(), self.info.get_field_def()
        if parent is None or definition is None:
            return
        name = node.name.value
        needed = self.table.of_field(parent.name, name, get_named_type(definition.type).name)
        if needed is not None:
            self.document.needs[parent.name, name] = needed
        where = f"{parent.name}.{name}"
        if definition.deprecation_reason is not None and where not in self.document.deprecated:
            self.document.deprecated.append(where)


def _ours(error: GraphQLError) -> bool:
    """A mistake of the simulator itself, not an answer that Shopify would give: it must be heard."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


def _reached_execution(errors: list[GraphQLError]) -> bool:
    return any(error.path for error in errors)


@lru_cache(maxsize=2)
def engine(version: str) -> Engine:
    """The engine of a version, one per process."""
    return Engine(version)
