"""What people read is kept as template and values, so that it can be said in their language."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mapping.wording
import shopify_api.wording
from mapping import Refusal
from shopify_api import ShopifyError, SignInRefused, UserErrors, UserProblem, Words, WrongAddress, normalise
from shopify_api.answer import classify, user_errors
from shopify_api.webhooks import address_problem

ROOT = Path(shopify_api.wording.__file__).parents[1]
SOURCES = sorted([*(ROOT / "shopify_api").glob("*.py"), *(ROOT / "mapping").glob("*.py")])
#: What is said by these reaches people; the words are the argument at this place.
SPEAKING = {one.__name__: 0 for one in [ShopifyError, *ShopifyError.__subclasses__()]}
SPEAKING |= {"AccessDenied": 0, "TooCostly": 0, "ConfigFileError": 0, "Refusal": 1}


@pytest.mark.parametrize("wording", [mapping.wording, shopify_api.wording])
@given(host=st.text(), reason=st.text())
def test_words_are_template_and_values_and_their_text_is_english(wording, host, reason):
    words = wording._lt("%(host)s says: %(reason)s", host=host, reason=wording._lt(reason))
    assert words.template == "%(host)s says: %(reason)s"
    assert words.values == {"host": host, "reason": wording.Words(reason)}
    assert str(words) == f"{host} says: {reason}"


@given(st.text())
def test_an_error_says_its_words_in_english_and_keeps_them(host):
    words = Words("%(host)s is not there", {"host": host})
    error = SignInRefused(words, reason="gone", status=401)
    assert (error.words, error.message, str(error)) == (words, str(words), f"{host} is not there")
    assert (error.reason, error.status) == ("gone", 401)
    refusal = Refusal("gone", words)
    assert (refusal.words, refusal.reason, str(refusal)) == (words, str(words), str(words))


def test_the_log_of_the_server_stays_english_whatever_people_are_told():
    error = SignInRefused(Words("Enter it anew."))
    error.message = "Neu eingeben."
    assert str(error) == "Enter it anew."


@given(st.text(), st.text())
def test_what_people_typed_never_makes_another_sentence(one, other):
    templates = set()
    for text in (f"?{one}", f"?{other}"):
        with pytest.raises(WrongAddress) as raised:
            normalise(text)
        templates.add(raised.value.words.template)
        assert raised.value.words.values == {"text": text.strip()}
    assert len(templates) == 1


def test_shopifys_own_words_are_values():
    (said,) = [UserProblem(("title",), "Titel fehlt 100%")]
    error = user_errors([said], {})
    assert isinstance(error, UserErrors)
    assert error.words == Words("Shopify refuses the data: %(problems)s", {"problems": "title: Titel fehlt 100%"})
    refused = classify([{"message": "No such field"}], is_mutation=False, cost=None, details={})
    assert refused.words.values == {"reason": "No such field"}
    silent = classify([{}], is_mutation=False, cost=None, details={})
    assert silent.words.values == {"reason": Words("without a reason")}
    assert silent.message == "Shopify refuses the request: without a reason"


def test_permissions_of_which_one_suffices_are_listed_in_words():
    denied = {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}
    denied["extensions"]["requiredAccess"] = "`read_orders`, `read_all_orders` or `write_orders`"
    error = classify([denied], is_mutation=False, cost=None, details={})
    assert error.message.startswith(
        "The app lacks a permission in Shopify: read_orders or read_all_orders or write_orders. Add it"
    )
    assert "read_orders" not in error.words.template


def test_the_place_of_an_address_is_a_value():
    problem = address_problem("http://erp.example.com/%s", store_is_local=False)
    assert problem.values == {"scheme": "http", "address": "http://erp.example.com/%s"}


def calls():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield f"{path.parent.name}/{path.name}:{node.lineno}", node


def test_every_sentence_is_written_out_where_the_export_finds_it():
    written = [(place, node) for place, node in calls() if node.func.id == "_lt"]
    assert len(written) > 50
    for place, node in written:
        assert isinstance(node.args[0], ast.Constant), place
        assert not ("%(" in node.args[0].value) ^ bool(node.keywords), place


def test_nothing_is_said_past_the_catalogue():
    text = (ast.Constant, ast.JoinedStr, ast.BinOp)
    spoken = [(place, node) for place, node in calls() if node.func.id in SPEAKING]
    assert len(spoken) > 40
    assert [place for place, node in spoken if isinstance(node.args[SPEAKING[node.func.id]], text)] == []
