"""What an app changes by the API: cancelling by a job, refunding once, and what is refused."""

import pytest

import shopify_api


@pytest.fixture
def order(sim):
    return sim.store.place_order(
        lines=[(sim.store.any_sku(), 3)], taxes="US-NY", shipping="4.90", customer={"first_name": "Ada"}
    )


@pytest.fixture
def ask(client, sim):
    """Ask with one of the connector's own documents."""

    def send(name, **variables):
        return client.body(shopify_api.load(name).text, variables)

    return send


def gid(one, kind="Order"):
    return f"gid://shopify/{kind}/{one.id}"


def cancel(ask, order, **more):
    variables = {"orderId": gid(order), "reason": "OTHER", "restock": True, "refundMethod": None, **more}
    return ask("orders/OrderCancel", **variables)["data"]["orderCancel"]


def job_of(ask, order, job):
    return ask("orders/JobStatus", jobId=job["id"], orderId=gid(order))["data"]


def refund_input(order, amount, quantity=1, **more):
    payment = order.transactions[0]
    back = {"parentId": gid(payment, "OrderTransaction"), "gateway": payment.gateway, "kind": "REFUND"}
    return {
        "orderId": gid(order),
        "note": "Broken",
        "refundLineItems": [
            {"lineItemId": gid(order.lines[0], "LineItem"), "quantity": quantity, "restockType": "NO_RESTOCK"}
        ],
        "transactions": [{**back, "orderId": gid(order), "amount": str(amount)}],
        **more,
    }


def refund(ask, key, given):
    return ask("orders/RefundCreate", key=key, input=given)


def problems(answer):
    return answer["data"]["refundCreate"]["userErrors"]


# -- cancelling --------------------------------------------------------------------------------------------------------


def test_an_order_is_cancelled_by_a_job_after_the_answer(ask, sim, order):
    payload = cancel(ask, order, refundMethod={"originalPaymentMethodsRefund": True}, staffNote="Called")
    assert payload["orderCancelUserErrors"] == []
    assert payload["job"]["done"] is False
    assert order.cancelled_at is None
    found = job_of(ask, order, payload["job"])
    assert found["job"]["done"] is True
    assert found["order"]["cancelReason"] == "OTHER"
    assert order.cancel_staff_note == "Called"
    assert order.refunds[0].transactions[0].amount_set == order.transactions[0].amount_set


def test_a_job_takes_its_time(ask, sim, order):
    sim.clock.freeze()
    sim.store.jobs.delay = 60
    job = cancel(ask, order)["job"]
    assert job_of(ask, order, job)["job"]["done"] is False
    sim.clock.advance(61)
    assert job_of(ask, order, job)["job"]["done"] is True
    assert order.cancelled_at is not None
    assert not order.refunds[0].transactions


def test_a_job_that_fails_ends_without_cancelling(ask, sim, order):
    sim.store.jobs.fail_next()
    job = cancel(ask, order)["job"]
    found = job_of(ask, order, job)
    assert (found["job"]["done"], found["order"]["cancelledAt"]) == (True, None)


def test_a_second_job_for_the_same_order_changes_nothing(ask, sim, order):
    sim.store.jobs.held = True
    first, second = cancel(ask, order)["job"], cancel(ask, order)["job"]
    sim.store.jobs.held = False
    assert job_of(ask, order, second)["job"]["done"] is True
    assert first != second
    assert len(order.refunds) == 1
    assert "cancelled already" in sim.store.jobs.find(second["id"].rpartition("/")[2]).error


def test_store_credit_goes_to_the_customer(ask, sim, order):
    job_of(ask, order, cancel(ask, order, refundMethod={"storeCreditRefund": {}})["job"])
    assert [one.gateway for one in order.refunds[0].transactions] == ["shopify_store_credit"]


@pytest.mark.parametrize(
    ("state", "method", "code"),
    [
        ({"customer": "guest"}, {"storeCreditRefund": {}}, "STORE_CREDIT_REFUND_MISSING_CUSTOMER"),
        ({"company": True}, {"storeCreditRefund": {}}, "STORE_CREDIT_REFUND_B2B_NOT_SUPPORTED"),
        ({"fulfillment": "fulfilled"}, None, "INVALID"),
    ],
)
def test_an_order_that_cannot_be_cancelled_so_is_refused(ask, sim, state, method, code):
    order = sim.store.place_order(**state)
    payload = cancel(ask, order, refundMethod=method)
    assert payload["job"] is None
    assert [one["code"] for one in payload["orderCancelUserErrors"]] == [code]


def test_an_order_cancelled_already_or_not_there_is_refused(ask, sim, order):
    sim.store.cancel(order)
    assert "already been canceled" in cancel(ask, order)["orderCancelUserErrors"][0]["message"]
    sim.access.scopes = [one for one in sim.access.scopes if one != "write_orders"]
    answer = ask("orders/OrderCancel", orderId=gid(order), reason="OTHER", restock=True)
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert "write_orders" in answer["errors"][0]["message"]


# -- refunding ---------------------------------------------------------------------------------------------------------


def test_what_is_suggested_can_be_refunded_without_discrepancy(ask, order):
    line = {"lineItemId": gid(order.lines[0], "LineItem"), "quantity": 2, "restockType": "NO_RESTOCK"}
    answer = ask("orders/SuggestedRefund", id=gid(order), refundLineItems=[line], shippingAmount="2.00")
    suggested = answer["data"]["order"]["suggestedRefund"]
    (payment,) = suggested["suggestedTransactions"]
    amount = payment["amountSet"]["shopMoney"]["amount"]
    given = refund_input(order, amount, 2, shipping={"amount": "2.00"})
    assert problems(refund(ask, "k", given)) == []
    (made,) = order.refunds
    assert not made.adjustments
    assert made.lines[0].quantity == 2
    assert str(made.shipping[0].subtotal_amount_set.shop) == "2.00"
    left = ask("orders/RefundableOrder", id=gid(order), first=50)["data"]["order"]
    assert left["lineItems"]["nodes"][0]["refundableQuantity"] == 1
    assert float(left["currentShippingPriceSet"]["shopMoney"]["amount"]) == 2.9


def test_the_same_key_refunds_once_and_answers_the_same(ask, order):
    given = refund_input(order, "1.00")
    first, second = refund(ask, "k", given), refund(ask, "k", given)
    assert first["data"] == second["data"]
    assert len(order.refunds) == 1


def test_an_answer_that_was_lost_is_given_to_the_repetition(ask, sim, order):
    given = refund_input(order, "1.00")
    sim.faults.add("lost", "RefundCreate")
    with pytest.raises(OSError):
        refund(ask, "k", given)
    assert refund(ask, "k", given)["data"]["refundCreate"]["refund"]["id"] == gid(order.refunds[0], "Refund")
    assert len(order.refunds) == 1


def test_a_key_used_for_something_else_is_refused(ask, order):
    refund(ask, "k", refund_input(order, "1.00"))
    answer = refund(ask, "k", refund_input(order, "2.00"))
    assert answer["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert len(order.refunds) == 1


def test_after_a_failed_attempt_a_new_key_is_needed(ask, order):
    given = refund_input(order, "9999")
    assert problems(refund(ask, "k", given))
    assert refund(ask, "k", given)["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"
    assert problems(refund(ask, "new", refund_input(order, "1.00"))) == []


def test_without_a_key_nothing_is_refunded(ask, client, order):
    assert refund(ask, " ", refund_input(order, "1.00"))["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    text = "mutation($input: RefundInput!) { refundCreate(input: $input) { refund { id } } }"
    answer = client.body(text, {"input": refund_input(order, "1.00")})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert not order.refunds


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"transactions": [("amount", "60.01")]}, ["transactions", "0", "amount"], "maximum refundable"),
        ({"transactions": [("gateway", "paypal")]}, ["transactions", "0"], "fit the parent"),
        ({"transactions": [("parentId", None)]}, ["transactions", "0", "parentId"], "Parent transaction"),
        ({"refundLineItems": [("quantity", 4)]}, ["refundLineItems", "0", "quantity"], "more items than"),
        ({"refundLineItems": [("restockType", "RETURN")]}, ["refundLineItems", "0", "locationId"], "Location must"),
        ({"refundLineItems": [("lineItemId", "gid://shopify/LineItem/1")]}, ["refundLineItems", "0", "lineItemId"], "not"),
        ({"shipping": {"amount": "5.00"}}, ["shipping", "amount"], "shipping"),
        ({"transactions": [], "refundLineItems": []}, [], "must have"),
    ],
)  # fmt: skip
def test_a_refund_that_makes_no_sense_is_refused_with_its_field(ask, sim, field, message, change):
    order = sim.store.place_order(lines=[{"sku": "X", "title": "X", "price": "20.00", "custom": True, "quantity": 3}])
    given = refund_input(order, "1.00")
    for key, value in change.items():
        if isinstance(value, list) and value:
            given[key][0].update(dict(value))
        else:
            given[key] = value
    (problem,) = problems(refund(ask, "k", given))
    assert problem["field"] == ["input", *field]
    assert message in problem["message"]
    assert not order.refunds


def test_two_parts_of_one_payment_together_are_not_more_than_it(ask, order):
    given = refund_input(order, order.transactions[0].amount_set.shop)
    given["transactions"].append({**given["transactions"][0], "amount": "0.01"})
    assert "maximum refundable amount 0" in problems(refund(ask, "k", given))[0]["message"]


def test_units_are_restocked_where_it_is_said(ask, sim, order):
    location = sim.store.locations[1]
    given = refund_input(order, "1.00")
    given["refundLineItems"][0].update(restockType="RETURN", locationId=gid(location, "Location"))
    assert problems(refund(ask, "k", given)) == []
    (line,) = order.refunds[0].lines
    assert (line.restock_type, line.location) == ("RETURN", location)


def test_an_order_in_another_currency_names_it(ask, sim):
    order = sim.store.place_order(currency="EUR")
    assert problems(refund(ask, "k", refund_input(order, "1.00")))[0]["field"] == ["input", "currency"]
    assert problems(refund(ask, "n", refund_input(order, "1.00", currency="EUR"))) == []
    assert order.refunds[0].transactions[0].amount_set.presentment == 1


def test_jobs_are_steered_over_the_control_interface(client, sim, ask, order):
    url = f"{sim.url}/_control/jobs"
    assert client.session.post(url, json={"held": True, "delay": 5}, timeout=5).json()["held"] is True
    job = cancel(ask, order)["job"]
    assert job_of(ask, order, job)["job"]["done"] is False


# -- duties and store credit -------------------------------------------------------------------------------------------


@pytest.fixture
def charged(sim):
    """Three units with a duty of 10.00, paid."""
    line = {"sku": sim.store.any_sku(), "quantity": 3, "price": "20.00", "duty": "10.00"}
    return sim.store.place_order(lines=[line], customer={"first_name": "Ada"})


def duty(order, kind):
    return {"dutyId": gid(order.lines[0].duties[0], "Duty"), "refundType": kind}


def credit(amount, currency="USD", **more):
    return {"storeCreditRefund": {"amount": {"amount": amount, "currencyCode": currency}, **more}}


def test_a_duty_is_refunded_by_its_share_then_by_the_rest(ask, charged):
    line = {"lineItemId": gid(charged.lines[0], "LineItem"), "quantity": 1, "restockType": "NO_RESTOCK"}
    answer = ask(
        "orders/SuggestedRefund", id=gid(charged), refundLineItems=[line], refundDuties=[duty(charged, "PROPORTIONAL")]
    )
    suggested = answer["data"]["order"]["suggestedRefund"]
    assert suggested["totalDutiesSet"]["shopMoney"]["amount"] == "3.33"
    assert suggested["amountSet"]["shopMoney"]["amount"] == "23.33"
    given = refund_input(charged, "23.33", refundDuties=[duty(charged, "PROPORTIONAL")])
    assert problems(refund(ask, "first", given)) == []
    assert not charged.refunds[0].adjustments
    rest = refund_input(charged, "46.67", 2, refundDuties=[duty(charged, "FULL")])
    assert problems(refund(ask, "second", rest)) == []
    assert [str(one.duties[0][1].shop) for one in charged.refunds] == ["3.33", "6.67"]
    assert not charged.refunds[1].adjustments
    left = ask("orders/RefundableOrder", id=gid(charged), first=50)["data"]["order"]
    assert [one["duties"][0]["amountSet"]["shopMoney"]["amount"] for one in left["refunds"]] == ["3.33", "6.67"]
    again = refund_input(charged, "0", 1, refundDuties=[duty(charged, "FULL")])
    again.update(refundLineItems=[], transactions=[])
    assert "nothing left" in problems(refund(ask, "third", again))[0]["message"]


def test_a_duty_without_units_of_its_line_has_no_share(ask, charged):
    given = refund_input(charged, "1.00", refundDuties=[duty(charged, "PROPORTIONAL")])
    given["refundLineItems"] = []
    assert problems(refund(ask, "k", given))[0]["field"] == ["input", "refundDuties", "0"]
    given["refundDuties"] = [{"dutyId": "gid://shopify/Duty/1", "refundType": "FULL"}]
    assert "does not exist" in problems(refund(ask, "n", given))[0]["message"]
    assert not charged.refunds


def test_store_credit_is_given_beside_the_payment_and_counts_as_refunded(ask, charged):
    given = refund_input(charged, "15.00", refundMethods=[credit("5.00", expiresAt="2099-01-01T00:00:00Z")])
    assert problems(refund(ask, "k", given)) == []
    (made,) = charged.refunds
    assert [(one.gateway, str(one.amount_set.shop)) for one in made.transactions] == [
        ("shopify_payments", "15.00"),
        ("shopify_store_credit", "5.00"),
    ]
    assert made.transactions[1].parent_transaction is None
    assert not made.adjustments
    answer = ask("orders/SuggestedRefund", id=gid(charged), allocation="STORE_CREDIT", refundLineItems=[
        {"lineItemId": gid(charged.lines[0], "LineItem"), "quantity": 2, "restockType": "NO_RESTOCK"}
    ])  # fmt: skip
    suggested = answer["data"]["order"]["suggestedRefund"]
    assert suggested["suggestedTransactions"] == []
    assert [one["amount"]["shopMoney"]["amount"] for one in suggested["suggestedRefundMethods"]] == ["40.0"]
    too_much = refund_input(charged, "50.01", 2)
    assert "maximum refundable amount 50.00" in problems(refund(ask, "over", too_much))[0]["message"]


@pytest.mark.parametrize(
    ("state", "method", "message"),
    [
        ({"customer": "guest"}, credit("1.00"), "with a customer"),
        ({"company": True}, credit("1.00"), "B2B"),
        ({"customer": {"first_name": "Ada"}}, credit("1.00", "EUR"), "Currency must be USD"),
        ({"customer": {"first_name": "Ada"}}, credit("1.00", expiresAt="2001-01-01T00:00:00Z"), "in the future"),
        ({"customer": {"first_name": "Ada"}}, credit("0.00"), "greater than zero"),
        ({"customer": {"first_name": "Ada"}}, credit("9999.00"), "maximum refundable"),
    ],
)
def test_store_credit_that_cannot_be_given_is_refused(ask, sim, state, method, message):
    order = sim.store.place_order(**state)
    given = {"orderId": gid(order), "refundMethods": [method]}
    assert message in problems(refund(ask, "k", given))[0]["message"]
    assert not order.refunds


def test_store_credit_of_a_cancellation_does_not_end_in_the_past(ask, order):
    method = {"storeCreditRefund": {"expiresAt": "2001-01-01T00:00:00Z"}}
    (problem,) = cancel(ask, order, refundMethod=method)["orderCancelUserErrors"]
    assert problem["code"] == "STORE_CREDIT_REFUND_EXPIRATION_IN_PAST"
