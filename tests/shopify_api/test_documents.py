"""Every request that the connector sends is valid for Shopify's own schema and costs no more than it declares."""

import gzip
import json
import math
from pathlib import Path

import graphql
import pytest

from shopify_api import API_VERSION, DocumentError, load
from shopify_api.documents import LIBRARY, Library

SCHEMA = Path(__file__).parents[2] / f"shopify_simulator/schema/admin-{API_VERSION}.json.gz"
HIGHEST_COST = 1000

# The page size or number of ids that a variable counts with when the document's `# with:` line does not state it.
# Small on purpose: whoever sends more states it there, and the client then holds the caller to it.
UNSTATED_SIZE = 5


@pytest.fixture(scope="session")
def schema():
    return graphql.build_client_schema(json.loads(gzip.decompress(SCHEMA.read_bytes()))["data"], assume_valid=True)


class CostCounter:
    """Counts what a request asks for, in points, before it is sent.

    Shopify's rules: scalar 0, object 1, interface and union the most that can be selected, mutation 10, connection by
    the size of its page. How the size counts is not published, only that it is less than linear: one product with 250
    variants and their inventory items costs 25 (community.shopify.dev/t/23101), which `(1 + record) * log2(size)` for
    a connection explains. A list of ids is counted like a page.
    """

    def __init__(self, schema, text, sizes):
        self.schema = schema
        self.sizes = sizes
        parsed = graphql.parse(text)
        self.fragments = {d.name.value: d for d in parsed.definitions if isinstance(d, graphql.FragmentDefinitionNode)}
        (self.operation,) = (d for d in parsed.definitions if isinstance(d, graphql.OperationDefinitionNode))
        self.defaults = {
            d.variable.name.value: graphql.value_from_ast_untyped(d.default_value)
            for d in self.operation.variable_definitions
            if d.default_value
        }

    def total(self):
        root = graphql.utilities.get_operation_root_type(self.schema, self.operation)
        base = 10 if self.operation.operation is graphql.OperationType.MUTATION else 0
        return math.ceil(base + self.of_selections(root, self.operation.selection_set))

    def of_selections(self, parent, selections):
        if graphql.is_abstract_type(parent):
            return max(self.of_object(kind, selections) for kind in self.schema.get_possible_types(parent))
        return self.of_object(parent, selections)

    def of_object(self, kind, selections):
        total = 0
        for node in selections.selections:
            if isinstance(node, graphql.FieldNode):
                total += self.of_field(kind, node)
                continue
            fragment = self.fragments[node.name.value] if isinstance(node, graphql.FragmentSpreadNode) else node
            condition = fragment.type_condition
            on = self.schema.get_type(condition.name.value) if condition else kind
            if on is kind or (graphql.is_abstract_type(on) and self.schema.is_sub_type(on, kind)):
                total += self.of_object(kind, fragment.selection_set)
        return total

    def of_field(self, kind, node):
        if node.name.value.startswith("__"):
            return 0
        field = kind.fields[node.name.value]
        result = graphql.get_named_type(field.type)
        if graphql.is_leaf_type(result):
            return 0
        arguments = {argument.name.value: self.size(argument.value) for argument in node.arguments}
        if result.name.endswith("Connection"):
            size = arguments.get("first") or arguments.get("last") or UNSTATED_SIZE
            return self.of_connection(result, node.selection_set) * max(math.log2(size), 1)
        cost = 1 + self.of_selections(result, node.selection_set)
        return cost * max(math.log2(arguments["ids"]), 1) if "ids" in arguments else cost

    def of_connection(self, connection, selections):
        """The cost of one record and one for the connection; `edges`, `nodes` and `pageInfo` themselves are free."""
        total = 1
        for node in selections.selections:
            inside = graphql.get_named_type(connection.fields[node.name.value].type)
            if node.name.value == "nodes":
                total += 1 + self.of_selections(inside, node.selection_set)
            elif node.name.value == "edges":
                total += self.of_selections(inside, node.selection_set)
        return total

    def size(self, value):
        """A number, or the length of a list."""
        if isinstance(value, graphql.VariableNode):
            name = value.name.value
            return self.sizes.get(name) or self.defaults.get(name) or UNSTATED_SIZE
        if isinstance(value, graphql.ListValueNode):
            return len(value.values)
        return int(value.value) if isinstance(value, graphql.IntValueNode) else None


def faults(schema, document):
    """Return all that is wrong with a document, in words."""
    parsed = graphql.parse(document.text)
    rules = [*graphql.specified_rules, graphql.NoDeprecatedCustomRule]
    found = [f"{document.name}: {error.message}" for error in graphql.validate(schema, parsed, rules)]
    if found:
        return found
    cost = CostCounter(schema, document.text, document.largest).total()
    if document.cost < cost:
        found.append(f"{document.name}: declares {document.cost} points but asks for {cost}")
    if document.cost > HIGHEST_COST:
        found.append(f"{document.name}: no request may cost more than {HIGHEST_COST} points")
    return found


def library(tmp_path, **files):
    for name, text in files.items():
        path = tmp_path / f"{name.replace('__', '/')}.graphql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return Library(tmp_path)


def test_every_document_is_valid_undeprecated_and_costs_no_more_than_it_declares(schema):
    assert LIBRARY.names()
    assert [fault for name in LIBRARY.names() for fault in faults(schema, LIBRARY.load(name))] == []


def test_every_file_of_fragments_is_used_by_a_document():
    text = "\n".join(LIBRARY.load(name).text for name in LIBRARY.names())
    unused = [
        name for name in set(LIBRARY.files()) - set(LIBRARY.names()) if f"...{name.rpartition('/')[2]}" not in text
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# cost: 10\nquery Doc { shop { nonsense } }", "nonsense"),
        ("# cost: 10\nquery Doc { order { id } }", "required"),
        ("# cost: 10\nquery Doc($a: Int) { shop { name } }", "never used"),
        ('# cost: 10\nquery Doc { order(id: "1") { totalPrice } }', "deprecated"),
        ("# cost: 1\nquery Doc { shop { plan { shopifyPlus } } }", "asks for 2"),
        ("# cost: 1001\nquery Doc { shop { name } }", "more than 1000"),
        ("# cost: 9\nmutation Doc($id: ID!) { orderOpen(input: {id: $id}) { order { id } } }", "asks for 12"),
        (
            "# cost: 24\nquery Doc { product(id: 1) { variants(first: 250) { nodes { inventoryItem { id } } } } }",
            "asks for 25",
        ),
        (
            "# cost: 24\n# with: n=250\n"
            + "query Doc($n: Int!) { product(id: 1) { variants(first: $n) { edges { node { inventoryItem { id } } } } } }",
            "asks for 25",
        ),
    ],
)
def test_the_check_of_documents_finds_each_kind_of_fault(schema, tmp_path, text, fault):
    found = faults(schema, library(tmp_path, shop__Doc=text).load("shop/Doc"))
    assert len(found) == 1
    assert fault in found[0]


def test_a_document_comes_with_its_fragments_each_once(tmp_path):
    made = library(
        tmp_path,
        a__Doc="# cost: 5\n# import: a/Line\n# import: b/Money\nquery Doc {\n  shop { ...Line ...Money }\n}\n",
        a__Line="# cost: 0\n# import: b/Money\nfragment Line on Shop {\n  id # the id\n}\n",
        b__Money="# cost: 0\nfragment Money on Shop { name }\n",
    )
    document = made.load("a/Doc")
    assert document.text.count("fragment Money") == document.text.count("fragment Line") == 1
    assert document.text.startswith("query Doc {")
    assert "# cost" not in document.text
    assert (document.name, document.operation_name, document.cost, document.is_mutation) == ("a/Doc", "Doc", 5, False)
    assert made.load("a/Doc") is document
    assert made.names() == ["a/Doc"]
    assert made.files() == ["a/Doc", "a/Line", "b/Money"]


def test_a_mutation_is_known_as_one_that_changes_something(tmp_path):
    made = library(
        tmp_path, a__Doc="# cost: 10\nmutation Doc($id: ID!) { orderOpen(input: {id: $id}) { order { id } } }"
    )
    assert made.load("a/Doc").is_mutation


def test_the_sizes_that_the_cost_was_counted_with_are_held(tmp_path):
    made = library(tmp_path, a__Doc="# cost: 10\n# with: first=50 ids=2\nquery Doc { shop { name } }")
    document = made.load("a/Doc")
    assert dict(document.largest) == {"first": 50, "ids": 2}
    document.check({"first": 50, "ids": ["1", "2"], "other": 1000})
    document.check({"first": None})
    with pytest.raises(ValueError, match="first is 51"):
        document.check({"first": 51})
    with pytest.raises(ValueError, match="ids is 3"):
        document.check({"ids": ["1", "2", "3"]})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("query Doc { shop { name } }", "first line"),
        ("# cost: many\nquery Doc { shop { name } }", "first line"),
        ("\n# cost: 1\nquery Doc { shop { name } }", "first line"),
        ("# cost: 1\nquery Other { shop { name } }", "named Doc"),
        ("# cost: 1\nquery { shop { name } }", "named Doc"),
        ("# cost: 1\nfragment Doc on Shop { name }", "exactly one"),
        ("# cost: 1\nquery Doc { shop { name } }\nquery Two { shop { name } }", "exactly one"),
        ("# cost: 1\n# with: first = 50\nquery Doc { shop { name } }", "must look like"),
        ("# cost: 1\n# import: a/Gone\nquery Doc { shop { name } }", "no document a/Gone"),
        ("# cost: 1\n# import: a/Doc\nquery Doc { shop { name } }", "circle"),
        ("# cost: 1\n# import: a/Query\nquery Doc { shop { name } }", "no file of fragments"),
        ("# cost: 1\n# import: ../../etc/passwd\nquery Doc { shop { name } }", "not the name"),
    ],
)
def test_a_document_that_is_badly_written_says_what_is_wrong(tmp_path, text, fault):
    made = library(tmp_path, a__Doc=text, a__Query="# cost: 1\nquery Query { shop { name } }")
    with pytest.raises(DocumentError, match=fault):
        made.load("a/Doc")


@pytest.mark.parametrize("name", ["orders/NoSuchThing", "../version", "orders", "", "orders/../orders/OrdersPage"])
def test_a_document_that_is_not_there_is_named(name):
    with pytest.raises(DocumentError):
        load(name)
