"""The pages of the simulated store over HTTP: what they show, what their buttons do, and what they refuse."""

import re
import time
from decimal import Decimal
from html import unescape

import pytest
import requests

from shopify_simulator.statuses import financial_status
from shopify_simulator.totals import totals

HOSTILE = "<script>alert('x')</script>\"'&"


@pytest.fixture
def site(sim):
    """Reads pages and posts forms as a browser does, from the page itself."""
    return Site(sim)


class Site:
    def __init__(self, sim):
        self.sim, self.session = sim, requests.Session()

    def get(self, path, **options):
        return self.session.get(self.sim.url + path, timeout=30, **options)

    def do(self, call, back, form=None, origin=None, **fields):
        """The answer to a form, without following the way back."""
        named = {name.replace("__", ":"): value for name, value in fields.items()}
        return self.session.post(
            f"{self.sim.url}/admin/do/{call}",
            data={"_form": form or call, "_back": back, **named},
            headers={"Origin": origin or self.sim.url},
            allow_redirects=False,
            timeout=30,
        )

    def done(self, *args, **fields):
        """Post a form that is to be done; the page it leads to."""
        answer = self.do(*args, **fields)
        assert answer.status_code == 303, unescape(answer.text)
        page = self.get(answer.headers["Location"])
        assert page.status_code == 200
        assert "Done: " in page.text
        return page.text


def of(order):
    return f"/admin/orders/{order.id}", f"gid://shopify/Order/{order.id}"


def line_of(order):
    return f"line:gid://shopify/LineItem/{order.lines[0].id}"


@pytest.fixture
def order(sim):
    sku = sim.store.any_sku()
    return sim.store.place_order(lines=[{"sku": sku, "quantity": 3, "price": "10.00"}])


def test_every_page_of_a_store_with_all_kinds_of_orders_is_shown(seeded):
    site = Site(seeded)
    for path in ("/", "/admin/orders/new", "/admin/products", "/admin/stock", "/admin/fulfilments", "/admin/customers",
                 "/admin/webhooks"):  # fmt: skip
        page = site.get(path)
        assert page.status_code == 200, path
        assert "Simulated store" in page.text
    for order in seeded.store.all_orders():
        assert site.get(f"/admin/orders/{order.id}").status_code == 200, order.name
    for product in seeded.store.products:
        assert site.get(f"/admin/products/{product.id}").status_code == 200, product.title


def test_a_placed_order_is_in_the_store_and_its_page_is_shown(site, sim):
    sku = sim.store.any_sku()
    page = site.done(
        "place_order", "/admin/orders/new", sku__1=sku, quantity__1="2", gateway="paypal", financial="pending",
        risk="HIGH", customer="new", first_name="Ada", email="ada@example.com",
    )  # fmt: skip
    (order,) = sim.store.all_orders()
    assert f"Order {order.name}" in page
    assert [(line.sku, line.quantity) for line in order.lines] == [(sku, 2)]
    assert (order.customer.email, order.risk_assessments[0].risk_level) == ("ada@example.com", "HIGH")
    site.done("place_random", "/admin/orders")
    assert len(sim.store.orders) == 2


def test_an_order_can_state_a_total_that_its_lines_do_not_add_up_to(site, sim):
    site.done("place_order", "/admin/orders/new", sku__1=sim.store.any_sku(), quantity__1="1", off_by="1.50")
    (order,) = sim.store.all_orders()
    stated, lines = totals(order), order.lines[0].gross.shop
    assert stated["total_price"].shop - lines == stated["current_total_price"].shop - lines == Decimal("1.50")
    assert (financial_status(order), stated["total_outstanding"].shop) == ("PAID", 0)


def test_a_product_can_be_added_and_ordered(site, sim):
    page = site.done("add_product", "/admin/products", title="Brass lamp", sku="LAMP-1", price="39.00", stock="4")
    assert "Brass lamp" in page
    site.done("place_order", "/admin/orders/new", sku__1="LAMP-1", quantity__1="1")
    assert [line.sku for line in next(iter(sim.store.all_orders())).lines] == ["LAMP-1"]
    refused = site.do("add_product", "/admin/products", title="Lamp without a SKU", price="1.00")
    assert refused.status_code == 400
    assert "needs a title, a SKU and a price" in refused.text


def test_an_order_is_paid_edited_shipped_and_refunded_by_buttons(site, sim):
    sku = sim.store.any_sku()
    order = sim.store.place_order(lines=[{"sku": sku, "quantity": 3, "price": "10.00"}], financial="pending")
    back, gid = of(order)
    assert "Mark as paid" in site.get(back).text
    site.done("edit", back, order=gid, **{line_of(order): "2"})
    assert order.lines[0].current_quantity == 2
    site.done("edit", back, order=gid, sku=sim.store.skus()[1], quantity="1")
    assert [line.sku for line in order.lines] == [sku, sim.store.skus()[1]]
    site.done("edit", back, order=gid, **{f"line:gid://shopify/LineItem/{order.lines[1].id}": "0"})
    assert order.lines[1].current_quantity == 0
    assert "Paid" in site.done("mark_paid", back, order=gid, gateway="manual")
    page = site.done("fulfil", back, order=gid, company="UPS", number="1Z9", url="https://ups.example/1Z9",
                     **{line_of(order): "1"})  # fmt: skip
    assert '<a href="https://ups.example/1Z9">1Z9</a>' in page
    assert (order.lines[0].fulfilled, order.fulfillments[0].tracking[0].number) == (1, "1Z9")
    site.done("refund", back, order=gid, restock="1", **{line_of(order): "1"})
    assert (order.refunds[0].lines[0].quantity, order.lines[0].current_quantity) == (1, 1)


def test_payments_risk_note_and_state_are_changed_by_buttons(site, sim):
    held = sim.store.place_order(financial="authorized")
    back, gid = of(held)
    assert "Paid" in site.done("capture", back, order=gid, amount="")
    site.done("change_risk", back, order=gid, level="HIGH")
    site.done("update", back, order=gid, note="call first", tags="vip, gift")
    assert (held.risk_assessments[-1].risk_level, held.note, held.tags) == ("HIGH", "call first", ["vip", "gift"])
    site.done("hold", back, order=gid, notes="wait")
    assert held.fulfillment_orders[0].status == "ON_HOLD"
    site.done("release_hold", back, order=gid)
    site.done("close", back, order=gid)
    assert held.closed_at
    site.done("cancel", back, order=gid, reason="STAFF", refund="1", restock="1")
    assert (held.cancel_reason, bool(held.refunds)) == ("STAFF", True)
    void = sim.store.place_order(financial="authorized")
    assert "Voided" in site.done("void", of(void)[0], order=of(void)[1])
    pending = sim.store.place_order(financial="pending")
    site.done("pay", of(pending)[0], order=of(pending)[1], gateway="paypal", amount="1.00")
    assert pending.transactions[-1].gateway == "paypal"


def test_a_return_is_asked_for_approved_received_and_refunded_by_buttons(site, sim, order):
    back, gid = of(order)
    sim.store.fulfil(order)
    site.done("request_return", back, order=gid, reason="DEFECTIVE", **{line_of(order): "2"})
    asked = order.returns[0]
    fixed = {"order": gid, "return_": f"gid://shopify/Return/{asked.id}"}
    site.done("approve_return", back, **fixed)
    assert asked.status == "OPEN"
    site.done("receive_return", back, disposition="RESTOCKED", **fixed)
    assert asked.reverse_orders[0].lines[0].dispositions[0].quantity == 2
    site.done("process_return", back, refunded="1", **fixed)
    assert order.refunds
    site.done("close_return", back, **fixed)
    assert asked.status == "CLOSED"


def test_stock_and_products_are_changed_by_buttons(site, sim):
    sku = sim.store.any_sku()
    variant = sim.store.variant_by_sku(sku)
    level = variant.inventory_item.levels[0]
    fixed = {"item": f"gid://shopify/InventoryItem/{variant.inventory_item.id}", "name": "available",
             "location": f"gid://shopify/Location/{level.location.id}"}  # fmt: skip
    site.done("set_stock", "/admin/stock", quantity="41", **fixed)
    assert level.quantities["available"] == 41
    back, gid = f"/admin/products/{variant.product.id}", f"gid://shopify/Product/{variant.product.id}"
    site.done("change_product", back, product=gid, title="New title", vendor="V", status="DRAFT")
    assert (variant.product.title, variant.product.status) == ("New title", "DRAFT")
    site.done("change_variant", back, product=gid, sku=sku, price="77.50")
    assert str(variant.price) == "77.50"


def test_what_is_done_by_buttons_is_in_the_journal_like_control_calls(tmp_path, new_simulator):
    sim, _client = new_simulator(orders=0, products=12, journal=tmp_path / "store.jsonl")
    Site(sim).done("place_random", "/admin/orders")
    name, total = sim.store.all_orders()[0].name, len(sim.store.all_orders()[0].lines)
    sim.stop()
    again, _client = new_simulator(orders=0, products=12, journal=tmp_path / "store.jsonl")
    assert [(one.name, len(one.lines)) for one in again.store.all_orders()] == [(name, total)]


def test_hostile_text_is_shown_as_text(site, sim):
    product = sim.store.add_product(title=HOSTILE, sku="EVIL'\"<", price="5.00", vendor=HOSTILE)
    order = sim.store.place_order(
        lines=["EVIL'\"<"], note=HOSTILE, tags=[HOSTILE], risk="HIGH", risk_facts=[HOSTILE],
        customer={"first_name": HOSTILE, "email": "e@example.com"},
    )  # fmt: skip
    sim.store.fulfil(order, tracking={"company": HOSTILE, "number": HOSTILE, "url": "javascript:alert(1)"})
    paths = (of(order)[0], "/admin/orders", f"/admin/products/{product.id}", "/admin/products", "/admin/stock",
             "/admin/fulfilments", "/admin/customers", f"/admin/customers/{order.customer.id}", "/admin/orders/new",
             "/admin/orders?q=%3Cscript%3E%22&done=%3Cscript%3E")  # fmt: skip
    for path in paths:
        page = site.get(path)
        assert page.status_code == 200
        assert not re.search(r"<script(?! src=\"/admin/assets/live.js\")", page.text), path
        assert 'href="javascript:' not in page.text, path
    assert HOSTILE in unescape(site.get(of(order)[0]).text)
    assert "script-src 'self'" in site.get("/admin/orders").headers["Content-Security-Policy"]


def test_a_refusal_is_told_on_the_page_and_keeps_what_was_typed(site, sim, order):
    back, gid = of(order)
    answer = site.do("fulfil", back, order=gid, company="Slow & Sons", **{line_of(order): "9"})
    assert answer.status_code == 400
    assert "more units than are open" in unescape(answer.text)
    assert 'value="Slow &amp; Sons"' in answer.text
    for call, fields, words in (
        ("fulfil", {line_of(order): "two"}, "no whole number"),
        ("fulfil", {}, "at least one line"),
        ("edit", {}, "nothing was changed"),
        ("refund", {"amount": "x"}, "is no number"),
        ("fulfil", {line_of(order): "1", "url": "javascript:alert(1)"}, "starts with http"),
    ):
        answer = site.do(call, back, order=gid, **fields)
        assert (answer.status_code, words in unescape(answer.text)) == (400, True), (call, fields)
    assert not order.fulfillments
    assert not order.refunds


def test_what_is_not_there_is_a_page_that_says_so(site):
    for path in ("/admin/orders/1", "/admin/products/1", "/admin/customers/1", "/admin/nothing", "/store/demo/nothing"):
        page = site.get(path)
        assert page.status_code == 404, path
        assert "Not found" in page.text
    assert site.do("uninstall", "/admin/orders").status_code == 404
    assert site.do("close", "https://elsewhere.example/admin/orders").status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_site_cannot_post_a_form(site, sim, order, origin):
    assert site.do("cancel", of(order)[0], order=of(order)[1], reason="STAFF", origin=origin).status_code == 403
    assert order.cancelled_at is None


def test_a_name_that_only_points_here_cannot_post_a_form(sim, order):
    answer = requests.post(
        f"{sim.url}/admin/do/close", data={"order": of(order)[1], "_back": "/admin/orders"}, timeout=5,
        headers={"Host": "evil.example", "Origin": "http://evil.example"},
    )  # fmt: skip
    assert (answer.status_code, order.closed_at) == (403, None)


def test_links_of_the_admin_lead_to_the_page_of_the_record(site, sim, order):
    product = sim.store.products[0]
    for path, title in (
        (f"/store/demo/orders/{order.id}", f"Order {order.name}"),
        (f"/admin/products/{product.id}/variants/{product.variants[0].id}", product.title),
        (f"/store/demo/products/{product.id}", product.title),
        (f"/admin/customers/{order.customer.id}", order.customer.display_name),
        (f"/admin/settings/locations/{sim.store.locations[0].id}", "Stock"),
        ("/admin", "Orders"),
    ):
        page = site.get(path)
        assert page.status_code == 200, path
        assert f"<h1>{title}</h1>" in unescape(page.text)


def test_orders_are_found_by_name_tag_customer_and_state(site, sim, order):
    sim.store.update(order, tags=["urgent"])
    other = sim.store.place_order(financial="pending", customer={"first_name": "Grace", "email": "grace@example.com"})
    for query, wanted, without in (
        (f"q={order.name.replace('#', '%23')}", order, other),
        ("q=urgent", order, other),
        ("q=GRACE", other, order),
        ("paid=PENDING", other, order),
        (f"q={other.id}", other, order),
    ):
        page = site.get(f"/admin/orders?{query}").text
        assert (of(wanted)[0] in page, of(without)[0] in page) == (True, False), query


def test_ten_thousand_orders_are_paged_without_waiting(new_simulator):
    sim, _client = new_simulator(seed=3, orders=10_000)
    site = Site(sim)
    first = site.get("/admin/orders").text
    assert first.count('<td><a href="/admin/orders/') == 50
    assert "page 1 of 200" in first
    started = time.monotonic()
    for path in ("/admin/orders?page=120", "/admin/orders?paid=PENDING", "/admin/fulfilments", "/admin/customers"):
        assert site.get(path).status_code == 200
    assert time.monotonic() - started < 4
