"""Every request that the connector sends is valid for Shopify's own schema and costs no more than it declares."""

import gzip
import json
from pathlib import Path

import graphql
import pytest

from shopify_api import API_VERSION, DocumentError, load
from shopify_api.documents import LIBRARY, Library
from shopify_simulator.cost import MAX_COST, query_cost, scaled

SCHEMA = Path(__file__).parents[2] / f"shopify_simulator/schema/admin-{API_VERSION}.json.gz"

# The page size or number of ids that a variable counts with when the document's `# with:` line does not state it.
# Small on purpose: whoever sends more states it there, and the client then holds the caller to it.
UNSTATED_SIZE = 10


@pytest.fixture(scope="session")
def schema():
    return graphql.build_client_schema(json.loads(gzip.decompress(SCHEMA.read_bytes()))["data"], assume_valid=True)


def static_cost(schema, parsed, largest):
    """Count what a request asks for, in points, with every size at its largest and every `@include` switched on."""
    (operation,) = (one for one in parsed.definitions if isinstance(one, graphql.OperationDefinitionNode))
    variables, times = {}, 1
    for one in operation.variable_definitions:
        name, kind = one.variable.name.value, graphql.type_from_ast(schema, one.type)
        if graphql.get_named_type(kind).name == "Boolean":
            variables[name] = True
        elif graphql.is_list_type(graphql.get_nullable_type(kind)) and graphql.get_named_type(kind).name == "ID":
            # Shopify does not say how a list of ids counts; certainly not as one record. Counted like a page.
            times = max(times, scaled(largest.get(name, UNSTATED_SIZE)))
        elif graphql.get_named_type(kind).name == "Int" and one.default_value is None:
            variables[name] = largest.get(name, UNSTATED_SIZE)
        elif name in largest:
            variables[name] = largest[name]
    return times * query_cost(schema, parsed, operation, variables)


def faults(schema, document):
    """Return all that is wrong with a document, in words."""
    parsed = graphql.parse(document.text)
    rules = [*graphql.specified_rules, graphql.NoDeprecatedCustomRule]
    found = [f"{document.name}: {error.message}" for error in graphql.validate(schema, parsed, rules)]
    if found:
        return found
    cost = static_cost(schema, parsed, document.largest)
    if document.cost < cost:
        found.append(f"{document.name}: declares {document.cost} points but asks for {cost}")
    if document.cost > MAX_COST:
        found.append(f"{document.name}: no request may cost more than {MAX_COST} points")
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
        ("# cost: 9\nmutation Doc($id: ID!) { orderOpen(input: {id: $id}) { order { id } } }", "asks for 10"),
        (
            "# cost: 24\nquery Doc { product(id: 1) { variants(first: 250) { nodes { inventoryItem { id } } } } }",
            "asks for 25",
        ),
        (
            "# cost: 7\nquery Doc($ids: [ID!]!) { nodes(ids: $ids) { id ... on Order { customer { id } } } }",
            "asks for 8",
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
