"""orderCancel and the job that does it."""

from __future__ import annotations

import re

from ..events.refunds import STORE_CREDIT
from ..resolvers.common import Box, number_of
from ..resolvers.orders import order_by_number
from ..resolvers.registry import resolver
from .refunds import expired

_JOB = re.compile(r"^gid://shopify/Job/([0-9a-f-]+)$")


@resolver("Mutation.orderCancel")
def order_cancel(_root, info, orderId, reason, restock, refundMethod=None, refund=None, staffNote=None, **_args):
    """Plan the cancellation; it is done by a job after the answer. Whether the customer is notified changes nothing."""
    context = info.context
    order = order_by_number(context, number_of(orderId, "Order"))
    problem = _problem(context.store, order, refundMethod)
    if problem:
        return Box(job=None, user_errors=[problem], order_cancel_user_errors=[problem])
    credit = bool(refundMethod and refundMethod.get("storeCreditRefund") is not None)
    original = bool(refund or (refundMethod and refundMethod.get("originalPaymentMethodsRefund")))
    job = context.store.jobs.add(
        lambda: context.store.cancel(
            order, reason, credit or original, restock, staffNote, gateway=STORE_CREDIT if credit else None
        )
    )
    return Box(job=job, user_errors=[], order_cancel_user_errors=[])


@resolver("QueryRoot.job")
def job(_root, info, id):  # noqa: A002 - argument name is Shopify's
    match = _JOB.match(id)
    return info.context.store.jobs.find(match[1]) if match else None


@resolver("Job.query")
def query_of_job(_job, _info):
    return Box("QueryRoot")


def _problem(store, order, method) -> Box | None:
    if order is None:
        return _error("NOT_FOUND", "orderId", "Order does not exist")
    if order.cancelled_at is not None:
        return _error("INVALID", "orderId", "Cannot cancel an order that has already been canceled")
    if any(one.status == "SUCCESS" for one in order.fulfillments):
        return _error("INVALID", "orderId", "Cannot cancel an order that has fulfillments")
    if method and method.get("storeCreditRefund") is not None:
        if order.company is not None:
            return _error(
                "STORE_CREDIT_REFUND_B2B_NOT_SUPPORTED", "refundMethod", "Store credit is not supported for B2B orders"
            )
        if order.customer is None:
            return _error(
                "STORE_CREDIT_REFUND_MISSING_CUSTOMER", "refundMethod", "Store credit needs an order with a customer"
            )
        if expired(store, method["storeCreditRefund"]):
            return _error(
                "STORE_CREDIT_REFUND_EXPIRATION_IN_PAST", "refundMethod", "Expiration date must be in the future"
            )
    return None


def _error(code: str, field: str, message: str) -> Box:
    return Box("OrderCancelUserError", code=code, field=[field], message=message)
