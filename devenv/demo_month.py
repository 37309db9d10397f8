"""The demo's months are closed as a shopkeeper and an accountant would: decisions are made, payouts booked, differences read."""

from odoo import fields

from devenv.demo_runs import look_again, read

DEPOSIT = "Deposit: confirm, take the payment, invoice later"


def set_up(env, store) -> None:
    """Invoices carry the day of their order, so that past months are what they were; a deposit confirms its order."""
    workflows = env["shopify.sale.workflow"].search([("company_id", "=", store.company_id.id)])
    if DEPOSIT in workflows.mapped("name"):
        return
    workflows.force_accounting_date = True
    paying = workflows.filtered("register_payment")[:1]
    deposit = paying.copy({"name": DEPOSIT, "create_invoice": False, "payment_before_invoice": True})
    env["shopify.financial.status"].search(
        [("instance_id", "=", store.id), ("financial_status", "=", "partially_paid")]
    ).workflow_id = deposit
    env.cr.commit()


def close(env, store) -> None:
    """Bring what the store was paid out, decide what waits for a person, book all of it, and count the last whole month."""
    own = store._for_jobs()
    read(env, own, "payout")
    _decide(env, store)
    store.action_add_payout_types()
    # a real accountant chooses; the demo books what is left as fees
    env["shopify.payout.account"].search(
        [("instance_id", "=", store.id), ("account_id", "=", False)]
    ).account_id = store.payout_fee_account_id
    env.cr.commit()
    runner = env["shopify.payout.runner"]
    for payout in env["shopify.payout"].search(runner._domain(own), order="issued_at, id"):
        runner._advance(own, payout.id, validate=True)
    look_again(env)
    months = env["shopify.month.end"]
    last = {"instance_id": store.id, "month": months._default_month()}
    month = months.search([(name, "=", value) for name, value in last.items()]) or months.create(last)
    month.action_count()
    env.cr.commit()


def _decide(env, store) -> None:
    """Risky orders whose money has arrived are let through; refunds of past months, and those paid out, are credited."""
    lines = env["shopify.payout.line"].search([("instance_id", "=", store.id), ("state", "=", "not_found")])
    orders = lines.order_id
    risky = orders.filtered(lambda order: order.shopify_risk_state == "held" and order.state in ("draft", "sent"))
    if risky:
        risky.action_shopify_confirm_risk()
    this_month = fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0)
    refunds = env["shopify.order.refund"].search(
        [
            ("instance_id", "=", store.id),
            ("state", "=", "to_confirm"),
            "|",
            ("order_id", "in", orders.ids),
            ("processed_at", "<", this_month),
        ]
    )
    if refunds:
        refunds.action_create_credit_note()
    look_again(env)
