"""What the demo does inside Odoo: connect the simulated store, bring its orders, say what became of them.

Runs in Odoo's shell (`run_in_odoo` of `demo_session` starts it). What it has to say goes to standard output, one JSON
object a line.
"""

import json
import os
import sys
import time
from pathlib import Path

from odoo import fields

from devenv import demo_month
from devenv.demo_runs import EVERYTHING_SINCE, LONGEST_PAUSE, SHORTEST_PAUSE, DemoError, look_again, pause, read

STORE_NAME = "Demo Store"
OPERATIONS = ("order_unshipped", "order_shipped")
KINDS = ("order_unshipped", "order_shipped")


def connect(env, domain: str, token: str, secret: str | None = None) -> int:
    """Connect the store at `domain`, once: a later call only follows it to its new address.

    :param secret: what the store signs webhooks with; without it they cannot be switched on

    :return: id of the `shopify.instance`
    """
    stores = env["shopify.instance"].with_context(active_test=False)
    store = stores.search([], limit=1)
    if not store:
        store = stores.create(
            {
                "name": STORE_NAME,
                "shop_domain": domain,
                "auth_mode": "permanent_token",
                "access_token": token,
                "webhook_secret": secret or False,
                "import_order_after": EVERYTHING_SINCE,
                "product_create": True,
                "unknown_product": "fetch",
            }
        )
    elif store.shop_domain != domain:
        store.shop_domain = domain
    env.cr.commit()  # requests are made outside this transaction
    if store.state != "connected":
        store._read_shop()
        store._set_up()
        # what every order of the simulated store used is mapped, so that none waits for a person
        store._set_up_workflows(only_common=False, days=3650, orders=100_000)
        env.cr.commit()
    return store.id


def import_all(env, instance_id: int, on_progress) -> None:
    """Read every order and process all that is waiting, with the pauses that Shopify's rate limit asks for.

    :param on_progress: called with the number of orders that have ended.
    :raises DemoError: reading failed, with Shopify's reason
    """
    store = env["shopify.instance"].browse(instance_id)._for_jobs()
    for operation in OPERATIONS:
        read(env, store, operation)
    on_progress(_ended(env, store))
    while _process_batch(env, store):
        on_progress(_ended(env, store))


def report(env, instance_id: int, store_orders: list[dict]) -> dict:
    """Compare what the store holds with what Odoo holds.

    :param store_orders: id, name, total (decimal text, store's currency) of every order, from the store itself
    :return: the fields of `demo_report.Report` but for the seconds
    """
    env.cr.commit()
    orders = env["sale.order"].search([("shopify_instance_id", "=", instance_id)])
    by_id = {order.shopify_order_id: order for order in orders}
    lines = env["shopify.queue.line"].search([("instance_id", "=", instance_id)], order="id")
    reasons = {line.shopify_id: line.message or line.state for line in lines if line.state not in ("draft", "done")}
    failed, different, unaccounted, found = [], [], [], 0
    for stated in store_orders:
        order = by_id.get(stated["id"])
        if order:
            found += 1
            if difference := _difference(order, stated):
                different.append({"name": stated["name"], "reason": difference})
        elif stated["id"] in reasons:
            failed.append({"name": stated["name"], "reason": reasons[stated["id"]]})
        else:
            unaccounted.append(stated["name"])
    return {
        "orders_in_shopify": len(store_orders),
        "orders_in_odoo": found,
        "failed": failed,
        "different": different,
        "unaccounted": unaccounted,
    }


def start_schedules(env, instance_id: int) -> None:
    """Switch the store's usual schedules on, as a manager does when everything is mapped."""
    store = env["shopify.instance"].browse(instance_id)
    if not store.schedules_on:  # a job that is on already may run just now, and cannot be changed meanwhile
        store._start_schedules()
    store.write({"setup_step_settings": True, "setup_step_payments": True, "setup_closed": True})
    env.cr.commit()
    if not store.stock_confirmed_at:
        _take_over_stock(env, store)


def _take_over_stock(env, store) -> None:
    """Odoo starts with the stock that the store has; from then on changes in Odoo reach the store by themselves."""
    read(env, store._for_jobs(), "stock_import", {"apply": True})
    store._confirm_stock_export()
    env["shopify.location"]._exported(store)._mark_stock()
    env.cr.commit()


def switch_webhooks_on(env, instance_id: int, odoo_url: str) -> None:
    """Have the store tell Odoo of every change; the address is another one each time Odoo has another port."""
    store = env["shopify.instance"].browse(instance_id)
    asked_at = fields.Datetime.now().replace(microsecond=0)
    store.write(
        {"webhook_base_url": odoo_url, "webhook_order": True, "webhook_product": True, "webhook_customer": True}
    )
    env.cr.commit()
    # an order that is placed before the subscriptions are there comes by schedule, or (already shipped) not by itself
    subscribed = [("instance_id", "=", instance_id), ("checked_at", ">=", asked_at), ("state", "=", "active")]
    deadline = time.monotonic() + LONGEST_PAUSE
    while not env["shopify.webhook"].search_count(subscribed, limit=1):
        if time.monotonic() > deadline:
            raise DemoError(f"The store's webhooks were not subscribed within {LONGEST_PAUSE} s: see Odoo's log")
        time.sleep(SHORTEST_PAUSE)
        look_again(env)


def main(env) -> None:
    """Do what the JSON file named in SHOPIFY_DEMO asks for: connect, import, report, and switch schedules and webhooks on."""
    wanted = json.loads(Path(os.environ["SHOPIFY_DEMO"]).read_text())
    try:
        instance_id = connect(env, wanted["domain"], wanted["token"], wanted["secret"])
        store = env["shopify.instance"].browse(instance_id)
        demo_month.set_up(env, store)
        started = time.monotonic()
        import_all(env, instance_id, lambda done: _tell({"done": done}))
        seconds = time.monotonic() - started
        outcome = {**report(env, instance_id, wanted["orders"]), "seconds": seconds}
        demo_month.close(env, store)
        if wanted["odoo_url"]:
            start_schedules(env, instance_id)
            switch_webhooks_on(env, instance_id, wanted["odoo_url"])
    except DemoError as error:
        _tell({"error": str(error)})
        sys.exit(1)
    _tell({"report": outcome})


def _process_batch(env, store) -> bool:
    """Process what is due, after a pause when everything that waits is due a little later.

    :return: whether there was anything to do
    """
    if env["shopify.runner"]._process_batch(store, KINDS)["taken"]:
        look_again(env)
        return True
    look_again(env)
    waiting = env["shopify.queue.line"].search(
        [("instance_id", "=", store.id), ("state", "=", "draft"), ("next_attempt_at", "!=", False)],
        order="next_attempt_at",
        limit=1,
    )
    if not waiting or (waiting.next_attempt_at - fields.Datetime.now()).total_seconds() > LONGEST_PAUSE:
        return False
    pause(waiting.next_attempt_at, waiting.message)
    return True


def _ended(env, store) -> int:
    return env["shopify.queue.line"].search_count([("instance_id", "=", store.id), ("state", "!=", "draft")])


def _difference(order, stated: dict) -> str:
    """Why the totals of an order are not Shopify's; empty when they are."""
    if order.shopify_total_state not in ("ok", "rounded"):
        return order.shopify_total_note or f"control of totals: {order.shopify_total_state}"
    if order.currency_id.compare_amounts(order.amount_total, order.shopify_total):
        return f"{order.amount_total} in Odoo, {order.shopify_total} at Shopify ({order.currency_id.name})"
    shop_currency = order.shopify_shop_currency_id
    if shop_currency.compare_amounts(order.shopify_shop_total, float(stated["total"])):
        return f"Odoo took over {order.shopify_shop_total}, the store says {stated['total']} {shop_currency.name}"
    return ""


def _tell(message: dict) -> None:
    print(json.dumps(message), flush=True)
