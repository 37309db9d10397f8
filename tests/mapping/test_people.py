"""Who bought, and where it goes (rules, sections 5 and 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import at, gid, line, mapped

from mapping import email_key, phone_key, read_address, read_customer


def postal(**fields):
    return {
        "name": "José Müller-Straße",
        "firstName": "José",
        "lastName": "Müller-Straße",
        "company": "Töpferei & Söhne",
        "address1": "Große Allee 12",
        "address2": "2. Stock",
        "city": "München",
        "zip": "80331",
        "province": "Bavaria",
        "provinceCode": "BY",
        "countryCodeV2": "DE",
        "phone": "+49 89 123-456",
        **fields,
    }


def customer(**fields):
    return {
        "id": gid("Customer", 5),
        "firstName": "Jane",
        "lastName": "Doe",
        "locale": "de",
        "taxExempt": False,
        "tags": ["vip"],
        "updatedAt": "2026-02-01T00:00:00Z",
        "state": "ENABLED",
        "defaultEmailAddress": {"emailAddress": " Jane.Doe@Example.COM "},
        "defaultPhoneNumber": {"phoneNumber": "+1 555 0100"},
        "defaultAddress": postal(name="Jane Doe"),
        **fields,
    }


def key(**fields):
    return read_address(postal(**fields)).key


# Addresses


@pytest.mark.parametrize(
    "same",
    [
        {"name": "JOSE MULLER STRASSE"},
        {"address1": "  grosse   allee 12 "},
        {"address1": "Große Allee, 12."},
        {"city": "Mu\u0308nchen"},
        {"city": "MÜNCHEN"},
        {"phone": "0049 (89) 123456"},
        {"company": "Topferei & Sohne"},
        {"city": "Ｍünchen"},
    ],
)
def test_letter_case_accents_spaces_and_punctuation_make_no_other_address(same):
    assert key(**same) == key()


@pytest.mark.parametrize(
    "other",
    [
        {"name": "José Müller"},
        {"address1": "Große Allee 13"},
        {"address2": ""},
        {"city": "Münster"},
        {"zip": "80332"},
        {"countryCodeV2": "AT"},
        {"provinceCode": "BE"},
        {"phone": "+49 89 123457"},
        {"company": None},
    ],
)
def test_other_content_is_another_address(other):
    assert key(**other) != key()


@pytest.mark.parametrize(("one", "other"), [("はた", "ばた"), ("कमल", "कमला"), ("กา", "กำ"), ("한강", "한감")])
def test_signs_that_make_another_letter_make_another_address(one, other):
    assert key(city=one) != key(city=other)


def test_content_that_moved_to_the_next_field_is_another_address():
    assert key(address1="Große Allee", address2="12") != key(address1="Große Allee 12", address2="")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_stable_key(name, city):
    once = key(name=name, city=city)
    assert once == key(name=f" {name} ", city=city)
    assert once.count("|") == key().count("|")


def test_an_address_without_a_whole_name_takes_first_and_last():
    assert read_address(postal(name=None)).name == "José Müller-Straße"
    assert read_address(postal(name="", firstName=None)).name == "Müller-Straße"


def test_a_state_without_a_code_keeps_its_name():
    found = read_address(postal(provinceCode=None, province="Île-de-France"))
    assert (found.state_code, found.state_name) == ("", "Île-de-France")


@pytest.mark.parametrize("erased", [None, {}, dict.fromkeys(postal()), dict.fromkeys(postal(), "")])
def test_an_erased_address_is_no_address(erased):
    assert read_address(erased) is None


def test_phones_and_emails_are_compared_without_their_writing():
    assert phone_key("+49 (89) 123-456") == phone_key("0049 89 123456") == "4989123456"
    assert email_key("  Jane@Example.COM ") == "jane@example.com"


# Buyers


def test_a_known_customer_keeps_its_own_name_mail_and_phone():
    buyer = mapped(line(10), customer=customer(), email="other@example.com", billingAddress=postal()).buyer
    assert (buyer.shopify_id, buyer.name, buyer.email, buyer.phone) == (
        "5",
        "Jane Doe",
        "jane.doe@example.com",
        "+1 555 0100",
    )
    assert (buyer.locale, buyer.tags, buyer.state, buyer.updated_at) == (
        "de",
        ("vip",),
        "enabled",
        at("2026-02-01T00:00"),
    )


def test_a_customer_whose_data_are_hidden_is_filled_from_the_order():
    hidden = customer(
        firstName=None, lastName=None, defaultEmailAddress=None, defaultPhoneNumber=None, defaultAddress=None
    )
    buyer = mapped(line(10), customer=hidden, phone="123", billingAddress=postal()).buyer
    assert (buyer.shopify_id, buyer.name, buyer.email, buyer.phone) == (
        "5",
        "José Müller-Straße",
        "jane@example.com",
        "123",
    )
    assert buyer.address.city == "München"


def test_a_guest_comes_from_the_mail_then_billing_then_shipping():
    buyer = mapped(line(10), billingAddress=postal(), shippingAddress=postal(name="Ann")).buyer
    assert (buyer.shopify_id, buyer.name, buyer.email, buyer.is_anonymous) == (
        "",
        "José Müller-Straße",
        "jane@example.com",
        False,
    )


def test_a_guest_whose_billing_address_has_no_name_is_named_by_the_shipping_address():
    nameless = postal(name=None, firstName=None, lastName=None, phone=None)
    buyer = mapped(line(10), billingAddress=nameless, shippingAddress=postal(name="Ann")).buyer
    assert (buyer.name, buyer.phone) == ("Ann", "+49 89 123-456")


def test_a_guest_who_gave_only_a_shipping_address_lives_there():
    assert mapped(line(10), shippingAddress=postal()).buyer.address.city == "München"


def test_a_guest_without_any_name_is_named_by_the_company():
    buyer = mapped(line(10), email=None, billingAddress=postal(name="", firstName="", lastName="")).buyer
    assert buyer.name == "Töpferei & Söhne"


def test_nobody_is_anonymous():
    erased = dict.fromkeys(postal())
    found = mapped(line(10), email=None, billingAddress=erased, shippingAddress=erased)
    assert found.buyer.is_anonymous
    assert (found.billing, found.shipping) == (None, None)


def test_a_customer_without_a_name_takes_that_of_its_address():
    assert read_customer(customer(firstName="", lastName=None)).name == "Jane Doe"


# Companies


def test_an_order_of_a_company_names_company_location_and_person():
    entity = {
        "__typename": "PurchasingCompany",
        "company": {"id": gid("Company", 1), "name": "Acme", "externalId": "C-1"},
        "location": {"id": gid("CompanyLocation", 2), "name": "Berlin", "externalId": None},
        "contact": {"id": gid("CompanyContact", 3), "customer": {"id": gid("Customer", 5)}},
    }
    terms = {
        "paymentTermsName": "Net 30",
        "dueInDays": 30,
        "paymentSchedules": {"nodes": [{"dueAt": "2026-04-01T00:00:00Z"}]},
    }
    found = mapped(line(10), purchasingEntity=entity, paymentTerms=terms, poNumber=" PO 9 ", taxExempt=True)
    assert (found.company.shopify_id, found.company.name, found.company.external_id) == ("1", "Acme", "C-1")
    assert (found.company.location_id, found.company.location_name) == ("2", "Berlin")
    assert found.company.contact_customer_id == "5"
    assert (found.terms.name, found.terms.days, found.terms.due_at) == ("Net 30", 30, at("2026-04-01T00:00"))
    assert (found.po_number, found.tax_exempt) == ("PO 9", True)


def test_a_company_order_without_a_contact_or_due_date_is_read():
    company = {"id": gid("Company", 1), "name": "Acme"}
    entity = {"__typename": "PurchasingCompany", "company": company, "location": None, "contact": None}
    terms = {"paymentTermsName": "Due on fulfillment", "dueInDays": None, "paymentSchedules": {"nodes": []}}
    found = mapped(line(10), purchasingEntity=entity, paymentTerms=terms)
    assert (found.company.contact_customer_id, found.terms.days, found.terms.due_at) == ("", None, None)


def test_an_order_of_a_person_has_no_company():
    assert mapped(line(10), purchasingEntity={"__typename": "Customer"}).company is None
    assert mapped(line(10)).company is None
