"""Each field of a customer goes to the side where nobody changed it."""

import pytest

from mapping import arriving, departing, differing, is_hidden, same, split_name

HOME = ["1 Main Street", "", "Berlin", "10115", 0, 57]
PARIS = ["5 Rue", "", "Paris", "75001", 0, 75]
NOWHERE = ["", "", "", "", 0, 0]
ADA = {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+15550100200", "address": HOME}


def with_(**changes):
    return {**ADA, **changes}


# -- in ----------------------------------------------------------------------------------------------------------------


def test_what_the_connector_wrote_follows_shopify():
    found = arriving(ADA, with_(name="Ada King", address=PARIS), ADA, ADA)
    assert found.write == {"name": "Ada King", "address": PARIS}
    assert found.written == found.seen == with_(name="Ada King", address=PARIS)
    assert found.kept == []


def test_what_a_person_changed_stays_and_is_named():
    found = arriving(with_(name="Countess"), with_(name="Ada King"), ADA, ADA)
    assert found.write == {}
    assert (found.written["name"], found.seen["name"]) == ("Ada Lovelace", "Ada King")
    assert found.kept == ["name"]


def test_one_part_of_the_address_that_a_person_changed_keeps_the_whole():
    mine = ["2 Main Street", *HOME[1:]]
    assert arriving(with_(address=mine), with_(address=PARIS), ADA, ADA).write == {}


def test_of_a_matched_contact_only_empty_fields_are_filled():
    found = arriving(with_(phone="", address=NOWHERE), with_(name="A. L."), {}, {})
    assert found.write == found.written == {"phone": ADA["phone"], "address": HOME}


def test_equal_values_of_a_matched_contact_stay_the_persons():
    first = arriving(ADA, ADA, {}, {})
    assert first.write == first.written == {}
    assert arriving(ADA, with_(name="Ada King"), first.written, first.seen).write == {}


def test_an_address_is_not_filled_into_another_country():
    assert arriving(with_(address=["", "", "", "", 0, 233]), ADA, {}, {}).write == {}


def test_a_field_that_a_person_emptied_stays_empty():
    assert arriving(with_(phone=""), ADA, ADA, ADA).write == {}


def test_what_has_not_changed_in_shopify_changes_nothing():
    written = with_(phone="+49301234567")  # from an order's own data
    assert arriving(written, with_(phone=""), written, with_(phone="")).write == {}


@pytest.mark.parametrize(("field", "gone"), [("email", ""), ("phone", ""), ("address", NOWHERE), ("name", "")])
def test_an_e_mail_and_a_phone_that_shopify_lost_are_taken_off_a_name_and_an_address_are_not(field, gone):
    found = arriving(ADA, with_(**{field: gone}), ADA, ADA)
    assert found.write == ({field: gone} if field in ("email", "phone") else {})


def test_what_is_hidden_or_erased_changes_nothing():
    hidden = {"name": "", "email": "", "phone": "", "address": PARIS}
    assert is_hidden(hidden)
    found = arriving(ADA, hidden, ADA, ADA)
    assert (found.write, found.seen, found.written) == ({}, ADA, ADA)


def test_with_changes_switched_off_empty_fields_are_filled_all_the_same():
    found = arriving(with_(phone=""), with_(name="Ada King"), {"name": "Ada Lovelace"}, ADA, take_changes=False)
    assert found.write == {"phone": ADA["phone"]}


def test_fields_that_are_not_the_contacts_own_are_left_alone():
    mine = {key: value for key, value in ADA.items() if key != "address"}
    assert "address" not in arriving(mine, with_(address=PARIS), ADA, ADA).write


# -- out ---------------------------------------------------------------------------------------------------------------


def test_only_what_was_changed_in_odoo_is_sent():
    plan = departing(with_(name="Ada King"), ADA, ADA, ADA)
    assert (plan.send, plan.take, plan.both) == (["name"], [], [])


def test_what_changed_in_shopify_meanwhile_is_taken_not_overwritten():
    plan = departing(ADA, with_(phone="+15550100299"), ADA, ADA)
    assert (plan.send, plan.take, plan.both) == ([], ["phone"], [])


def test_what_changed_on_both_sides_is_left_to_a_person():
    plan = departing(with_(name="Ada King"), with_(name="Ada Byron"), ADA, ADA)
    assert (plan.send, plan.take, plan.both) == ([], [], ["name"])


def test_the_same_change_on_both_sides_needs_nothing():
    both = with_(name="Ada King")
    plan = departing(both, both, ADA, ADA)
    assert (plan.send, plan.take, plan.both) == ([], [], [])


def test_an_empty_field_clears_nothing_in_shopify():
    assert departing(with_(phone="", address=NOWHERE), ADA, ADA, ADA).send == []


def test_an_e_mail_that_stands_for_an_unknown_name_is_not_sent_as_one():
    nameless = with_(name="ada@example.com")
    assert departing(nameless, with_(name=""), nameless, with_(name="")).send == []


def test_what_was_never_compared_is_sent():
    assert departing(with_(name="Countess"), ADA, {}, {}).send == ["name"]


# -- small things ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "one", "other", "equal"),
    [
        ("name", "Ádá  Lovelace", "ada lovelace", True),
        ("email", " Ada@Example.com", "ada@example.com", True),
        ("phone", "00 1 (555) 010-0200", "+15550100200", True),
        ("phone", "030 1234567", "+49301234567", True),
        ("phone", "12345", "+49712345", False),
        ("phone", "", "+15550100200", False),
        ("address", HOME, ["1 main  street", "", "BERLIN", "10115", 0, 57], True),
        ("address", HOME, [*HOME[:5], 233], False),
    ],
)
def test_values_are_compared_as_people_read_them(field, one, other, equal):
    assert same(field, one, other) is same(field, other, one) is equal


def test_the_fields_that_differ_are_named():
    assert differing(with_(name="Countess", address=PARIS), ADA) == ["name", "address"]
    assert differing(ADA, {}) == []


@pytest.mark.parametrize(
    ("name", "company", "parts"),
    [
        ("Ada Lovelace", False, ("Ada", "Lovelace")),
        ("Ada Augusta King", False, ("Ada Augusta", "King")),
        ("Ada", False, ("", "Ada")),
        ("Fjord Retail", True, ("", "Fjord Retail")),
        ("", False, ("", "")),
    ],
)
def test_a_name_is_split_as_shopify_holds_it(name, company, parts):
    assert split_name(name, company) == parts
