"""Cost of a query in points, as Shopify counts it.

Documented: scalars and enums 0, objects 1, interfaces and unions the dearest selection, mutations 10. Connections cost
2 + (cost of one node) x floor(2 x ln(max(2, first))): Shopify's staff name logarithmic scaling, and this formula gives the
published figures (a product's 250 variants with their inventory items: 25). Plain value objects (money, addresses, weights,
page information) were seen to cost nothing. The input of `productSet` costs 0.2 a variant, 1.9 a file, 0.6 a file of a
variant and 0.4 a metafield (the schema says so).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    value_from_ast_untyped,
)

MAX_COST = 1000
"""No single query may cost more, whatever the plan."""

MUTATION_COST = 10
CONNECTION_COST = 2
VALUE_TYPES = frozenset(
    [
        "MoneyV2",
        "MoneyBag",
        "MailingAddress",
        "ShopAddress",
        "LocationAddress",
        "CompanyAddress",
        "PageInfo",
        "Weight",
        "InventoryItemMeasurement",
        "CurrencyFormats",
    ]
)
"""Objects without a life of their own, which cost nothing."""


def scaled(size: int) -> int:
    """How often the nodes of a connection of this size count."""
    return 0 if size <= 0 else math.floor(2 * math.log(max(2, size)))


def query_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict | None = None,
    sizes: dict[FieldNode, int] | None = None,
    each_id: bool = False,
) -> int:
    """Points of an operation. ``each_id``: every id of a list counts as a record of its own, not like a page of that size.

    Without ``sizes`` the requested cost, by the ``first`` and ``last`` asked for. With ``sizes`` (nodes really found, by
    field) the actual cost; connections that were never reached cost nothing.
    """
    return _Counter(schema, document, operation, variables or {}, sizes, each_id).total()


class _Counter:
    def __init__(self, schema, document, operation, variables, sizes, each_id):
        self.schema = schema
        self.operation = operation
        self.sizes = sizes
        self.each_id = each_id
        self.variables = {**_defaults(operation), **variables}
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def total(self) -> int:
        root = self.schema.get_root_type(self.operation.operation)
        fields = self._fields(root, [self.operation.selection_set], root)
        if self.operation.operation.value == "mutation":
            return MUTATION_COST * len(fields) + sum(self._input(node) for nodes in fields.values() for node in nodes)
        return sum(self._field(root, nodes) for nodes in fields.values())

    def _input(self, node: FieldNode) -> int:
        """What the input of `productSet` costs beside the mutation; rounded up."""
        if node.name.value != "productSet":
            return 0
        given = next((one.value for one in node.arguments if one.name.value == "input"), None)
        product = value_from_ast_untyped(given, self.variables) if given is not None else None
        if not isinstance(product, dict):
            return 0
        variants, files = product.get("variants") or [], product.get("files") or []
        fields = [product, *variants]
        tenths = 2 * len(variants) + 19 * len(files) + 6 * sum("file" in one for one in variants)
        return math.ceil((tenths + 4 * sum(len(one.get("metafields") or []) for one in fields)) / 10)

    def _selections(self, parent: GraphQLNamedType, sets: list[SelectionSetNode]) -> int:
        if not is_abstract_type(parent):
            return sum(self._field(parent, nodes) for nodes in self._fields(parent, sets, parent).values())
        named = {name for one in sets for name in self._conditions(one)}
        concrete = [kind for kind in self.schema.get_possible_types(parent) if kind.name in named]
        costs = [0]
        for kind in concrete or self.schema.get_possible_types(parent)[:1]:
            costs.append(sum(self._field(kind, nodes) for nodes in self._fields(kind, sets, parent).values()))
        return max(costs)

    def _field(self, parent: GraphQLNamedType, nodes: list[FieldNode]) -> int:
        field = parent.fields.get(nodes[0].name.value)
        if field is None:
            return 0
        kind = get_named_type(field.type)
        if is_leaf_type(kind) or kind.name in VALUE_TYPES:
            return 0
        sets = [node.selection_set for node in nodes if node.selection_set]
        if kind.name.endswith("Connection"):
            return self._connection(kind, nodes, sets)
        return max(self._records(node) for node in nodes) * (1 + self._selections(kind, sets))

    def _records(self, node: FieldNode) -> int:
        """How often the records of a list of ids count: Shopify does not say, so that both are possible here."""
        given = next((one.value for one in node.arguments if one.name.value == "ids"), None)
        ids = value_from_ast_untyped(given, self.variables) if given is not None else None
        if not isinstance(ids, list):
            return 1
        return len(ids) if self.each_id else scaled(len(ids))

    def _connection(self, kind: GraphQLNamedType, nodes: list[FieldNode], sets: list[SelectionSetNode]) -> int:
        if self.sizes is None:
            size = max(self._page_size(node) for node in nodes)
        elif not any(node in self.sizes for node in nodes):
            return 0
        else:
            size = max(self.sizes.get(node, 0) for node in nodes)
        inner = []
        node_type = None
        for name, field_nodes in self._fields(kind, sets, kind).items():
            del name
            field_name = field_nodes[0].name.value
            below = [node.selection_set for node in field_nodes if node.selection_set]
            if field_name == "nodes":
                node_type = get_named_type(kind.fields["nodes"].type)
                inner += below
            elif field_name == "edges":
                edge = get_named_type(kind.fields["edges"].type)
                for edge_nodes in self._fields(edge, below, edge).values():
                    if edge_nodes[0].name.value == "node":
                        node_type = get_named_type(edge.fields["node"].type)
                        inner += [node.selection_set for node in edge_nodes if node.selection_set]
        if node_type is None or not inner:
            return CONNECTION_COST
        return CONNECTION_COST + scaled(size) * (1 + self._selections(node_type, inner))

    def _page_size(self, node: FieldNode) -> int:
        for argument in node.arguments:
            if argument.name.value in ("first", "last"):
                value = value_from_ast_untyped(argument.value, self.variables)
                if isinstance(value, int):
                    return value
        return 1

    def _fields(
        self, kind: GraphQLNamedType, sets: Iterable[SelectionSetNode], declared: GraphQLNamedType
    ) -> dict[str, list[FieldNode]]:
        """Fields by response name that apply to a concrete type, fragments unfolded, each field once."""
        found: dict[str, list[FieldNode]] = {}
        for one in sets:
            for selection in one.selections:
                if self._left_out(selection):
                    continue
                if isinstance(selection, FieldNode):
                    key = selection.alias.value if selection.alias else selection.name.value
                    found.setdefault(key, []).append(selection)
                    continue
                condition, inner = self._fragment(selection)
                if condition is None or self._applies(kind, condition, declared):
                    for key, nodes in self._fields(kind, [inner], declared).items():
                        found.setdefault(key, []).extend(nodes)
        return found

    def _applies(self, kind: GraphQLNamedType, condition: str, declared: GraphQLNamedType) -> bool:
        if condition in (kind.name, declared.name):
            return True
        wanted = self.schema.get_type(condition)
        return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, kind)

    def _fragment(self, selection: InlineFragmentNode | FragmentSpreadNode) -> tuple[str | None, SelectionSetNode]:
        if isinstance(selection, FragmentSpreadNode):
            fragment = self.fragments[selection.name.value]
            return fragment.type_condition.name.value, fragment.selection_set
        condition = selection.type_condition.name.value if selection.type_condition else None
        return condition, selection.selection_set

    def _conditions(self, one: SelectionSetNode) -> set[str]:
        names = set()
        for selection in one.selections:
            if not isinstance(selection, FieldNode):
                condition, inner = self._fragment(selection)
                names |= {condition} | self._conditions(inner)
        return names

    def _left_out(self, selection) -> bool:
        for directive in selection.directives:
            if directive.name.value in ("skip", "include") and directive.arguments:
                value = value_from_ast_untyped(directive.arguments[0].value, self.variables)
                if bool(value) is (directive.name.value == "skip"):
                    return True
        return False


def _defaults(operation: OperationDefinitionNode) -> dict:
    return {
        one.variable.name.value: value_from_ast_untyped(one.default_value)
        for one in operation.variable_definitions
        if one.default_value is not None
    }
