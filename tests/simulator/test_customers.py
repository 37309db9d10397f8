"""Customers of the simulated store: what the API takes and refuses, and what people do."""

import pytest

import shopify_api
from shopify_simulator.values import BadRequest


@pytest.fixture
def ask(client):
    def send(name, **variables):
        return client.body(shopify_api.load(name).text, variables)["data"]

    return send


@pytest.fixture
def ada(sim):
    return sim.store.add_customer(first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15550100200")


def gid(one):
    return f"gid://shopify/Customer/{one.id}"


def create(ask, **given):
    return ask("customers/CustomerCreate", input=given)["customerSet"]


def look_up(ask, email=None, phone=None):
    variables = {"id": "gid://shopify/Customer/0", "email": email, "phone": phone}
    return ask("customers/CustomerLookup", **variables, byId=False, byEmail=bool(email), byPhone=bool(phone))


def change(ask, one, given, **more):
    variables = {"id": gid(one), "addressId": gid(one), "input": given, "address": {}}
    return ask("customers/CustomerUpdate", **{**variables, "changesAddress": False, "addsAddress": False, **more})


def test_a_customer_is_made_with_his_address_and_found_by_e_mail_and_phone(ask):
    made = create(
        ask,
        firstName="Grace",
        email="Grace@Example.com",
        phone="+1 555 010-0300",
        addresses=[{"address1": "9 Harbor Road", "city": "New York", "countryCode": "US", "provinceCode": "NY"}],
    )
    assert made["userErrors"] == []
    assert made["customer"]["defaultAddress"]["province"] == "New York"
    found = look_up(ask, email="grace@example.com", phone="+15550100300")
    assert found["sameEmail"]["id"] == found["samePhone"]["id"] == made["customer"]["id"]
    assert look_up(ask, email="nobody@example.com")["sameEmail"] is None


@pytest.mark.parametrize(
    ("given", "code", "text"),
    [
        ({"email": "ADA@example.com"}, "TAKEN", "Email has already been taken"),
        ({"phone": "+1 (555) 010-0200"}, "TAKEN", "Phone has already been taken"),
        ({"email": "nonsense"}, "INVALID", "Email is invalid"),
        ({"phone": "12"}, "INVALID", "Phone is invalid"),
        ({}, "MISSING_FIELD_REQUIRED", "A name, phone number, or email address must be present"),
    ],
)
def test_what_shopify_does_not_take_is_refused_with_code_and_field(ask, ada, given, code, text):
    made = create(ask, **given)
    assert made["customer"] is None
    (problem,) = made["userErrors"]
    assert (problem["code"], problem["message"]) == (code, text)
    assert problem["field"] == ["input", *given]


def test_what_is_not_given_stays_and_lists_are_replaced(sim, ask, ada):
    ada.addresses += [sim.store.people.address("DE", ada), sim.store.people.address("FR", ada)]
    ada.tags = ["vip"]
    assert change(ask, ada, {"lastName": "King"})["customerSet"]["userErrors"] == []
    assert (ada.first_name, ada.last_name, ada.tags, len(ada.addresses)) == ("Ada", "King", ["vip"], 2)
    change(ask, ada, {"addresses": [{"address1": "1 Road", "countryCode": "DE"}], "tags": []})
    assert ([one.address1 for one in ada.addresses], ada.tags) == (["1 Road"], [])


def test_an_address_is_changed_or_added_as_the_default_one(sim, ask, ada):
    change(ask, ada, {}, addsAddress=True, address={"address1": "First", "countryCode": "DE"})
    change(ask, ada, {}, addsAddress=True, address={"address1": "Second", "countryCode": "DE"})
    assert [one.address1 for one in ada.addresses] == ["Second", "First"]
    number = f"gid://shopify/MailingAddress/{ada.addresses[1].id}"
    change(ask, ada, {}, changesAddress=True, addressId=number, address={"city": "Kiel"})
    assert [(one.address1, one.city) for one in ada.addresses] == [("First", "Kiel"), ("Second", None)]
    wrong = change(ask, ada, {}, addsAddress=True, address={"countryCode": "US", "provinceCode": "XX"})
    assert "not a valid province" in wrong["customerAddressCreate"]["userErrors"][0]["message"]


def test_a_merge_keeps_one_customer_with_all_orders(sim, client, ada):
    other = sim.store.add_customer(first_name="A.", email="other@example.com")
    order = sim.store.place_order(customer=ada)
    sim.access.scopes.append("write_customer_merge")
    text = "mutation($a: ID!, $b: ID!) { customerMerge(customerOneId: $a, customerTwoId: $b) { resultingCustomerId } }"
    assert client.data(text, a=gid(ada), b=gid(other))["customerMerge"]["resultingCustomerId"] == gid(other)
    assert client.order(order, "customer { id }")["customer"]["id"] == gid(other)
    assert client.data(f'{{ customer(id: "{gid(ada)}") {{ id }} }}')["customer"] is None
    assert (other.phone, sim.store.people.everyone()) == ("+15550100200", [other])


def test_what_people_do_is_told_to_subscribers(sim, ada):
    seen = []
    sim.store.customer_watchers.append(lambda topic, one, gone: seen.append((topic, one.id, gone and gone.id)))
    sim.store.change_customer(gid(ada), note="x")
    other = sim.store.add_customer(first_name="B.", email="b@example.com")
    sim.store.merge_customers(ada, other)
    sim.store.delete_customer(other.id)
    assert seen == [
        ("CUSTOMERS_UPDATE", ada.id, None),
        ("CUSTOMERS_CREATE", other.id, None),
        ("CUSTOMERS_MERGE", other.id, ada.id),
        ("CUSTOMERS_DELETE", other.id, None),
    ]


def test_a_customer_with_orders_is_not_deleted(sim, ada):
    sim.store.place_order(customer=ada)
    with pytest.raises(BadRequest, match="associated orders"):
        sim.store.delete_customer(ada)


def test_control_calls_change_customers(client):
    made = client.control("add_customer", first_name="Ada", email="ada@example.com").json()
    assert client.control("change_customer", customer=made["id"], last_name="King").json()["name"] == "Ada King"
    assert client.control("customers").json()["customers"][0]["id"] == made["id"]
    assert client.control("change_customer", customer=made["id"], nonsense=1).status_code == 400
    assert client.control("anonymise_customer", customer=made["id"]).json()["email"] is None
    assert client.control("delete_customer", customer=made["id"]).status_code == 200
    assert client.control("change_customer", customer=made["id"], note="x").status_code == 400


def test_customers_are_searched_by_their_change(sim, client, ada):
    sim.clock.advance(3600)
    late = sim.store.add_customer(first_name="Late")
    since = sim.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "query($q: String) { customers(first: 5, query: $q, sortKey: UPDATED_AT) { nodes { id } } }"
    body = client.body(text, {"q": f"updated_at:>='{since}'"})
    assert [one["id"] for one in body["data"]["customers"]["nodes"]] == [gid(late)]
    assert "search" not in body["extensions"]
