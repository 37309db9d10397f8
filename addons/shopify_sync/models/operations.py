"""The one place where an operation is defined: its name, what it reads, its queue, its schedule."""

from dataclasses import dataclass

from odoo.tools.translate import LazyGettext, LazyTranslate

#: Texts are translated when they are shown: `env._(operation.label)`.
_lt = LazyTranslate(__name__)


@dataclass(frozen=True)
class Operation:
    """An operation of a store.

    `kind` is the kind of its queues; `handler` the model that fetches and processes it; `interval` the default schedule
    in minutes (0: none); `scheduled` whether step "schedules" switches it on unless the user unticks it; `note` what the
    wizard says of it. `reads_range` asks from when to when; `counts_days` which days are counted. One that is not `in_wizard` is started by other parts of the addon; one that `opens` an action has
    a dialog of its own; one `by_rule` is there for stores whose tagged-order rule is on.
    """

    label: LazyGettext
    kind: str
    handler: str
    note: LazyGettext
    interval: int = 0
    scheduled: bool = False
    reads_range: bool = False
    counts_days: bool = False
    by_tokens: bool = False
    in_wizard: bool = True
    opens: str = ""
    by_rule: bool = False


OPERATIONS = {
    "order_unshipped": Operation(
        label=_lt("Import unshipped orders"),
        kind="order_unshipped",
        handler="shopify.handler.order",
        note=_lt(
            "Brings open orders that are not, or only partly, shipped and were changed in the time chosen. Orders that "
            "Odoo has already are compared, never made twice. Nothing is written in Shopify."
        ),
        interval=20,
        scheduled=True,
        reads_range=True,
    ),
    "order_shipped": Operation(
        label=_lt("Import shipped orders"),
        kind="order_shipped",
        handler="shopify.handler.order",
        note=_lt(
            "Brings orders that Shopify has shipped completely and that the normal import never saw, for example from "
            "before the store was connected. Their deliveries are validated in Odoo. Nothing is written in Shopify."
        ),
        interval=60,
        reads_range=True,
    ),
    "order_cancelled": Operation(
        label=_lt("Import cancelled orders"),
        kind="order_unshipped",
        handler="shopify.handler.order",
        note=_lt(
            "Brings orders cancelled in Shopify in the time chosen: known ones are cancelled in Odoo as far as they are "
            "not shipped; orders never seen become cancelled quotations when the store says so. Nothing is written in "
            "Shopify."
        ),
        interval=60,
        scheduled=True,
        reads_range=True,
    ),
    "order_reconcile": Operation(
        label=_lt("Catch up changed orders"),
        kind="order_unshipped",
        handler="shopify.handler.order",
        note=_lt(
            "Reads orders that Odoo has and Shopify changed in the time chosen, and brings the differences: payments, "
            "shipments, edits, refunds, cancellations, risk. The floor under everything else: what a schedule or a webhook "
            "missed is found here. Nothing is written in Shopify."
        ),
        interval=30,
        scheduled=True,
        reads_range=True,
    ),
    "order_tagged": Operation(
        label=_lt("Import tagged orders"),
        kind="order_shipped",
        handler="shopify.handler.order",
        note=_lt(
            "Brings orders that carry a tag of the store's tagged-order rule and were changed in the time chosen, for "
            "example those that a marketplace ships from its own warehouse. Their deliveries leave the warehouse of the "
            "rule and are validated at once. Nothing is written in Shopify."
        ),
        interval=60,
        scheduled=True,
        reads_range=True,
        by_rule=True,
    ),
    "order_by_id": Operation(
        label=_lt("Import specific orders"),
        kind="order_unshipped",
        handler="shopify.handler.order",
        note=_lt(
            "Brings the orders you name, whatever their status or date. Enter order names (#1001), ids or links from "
            "Shopify's admin, separated by commas, spaces or lines. Digits alone are a name below ten digits, an id above."
        ),
        by_tokens=True,
    ),
    "order_look_again": Operation(
        label=_lt("Look at orders again"),
        kind="order_unshipped",
        handler="shopify.handler.order",
        note=_lt("Orders that something says have changed."),
        by_tokens=True,
        in_wizard=False,
    ),
    "customer": Operation(
        label=_lt("Import customers"),
        kind="customer",
        handler="shopify.handler.customer",
        note=_lt(
            "Brings customers that were changed in the time chosen. Known ones are found by their link, their e-mail or, if "
            "the store says so, their phone; what a person changed in Odoo stays. New ones become contacts. Nothing is written "
            "in Shopify."
        ),
        interval=1440,
        reads_range=True,
    ),
    "customer_by_id": Operation(
        label=_lt("Import specific customers"),
        kind="customer",
        handler="shopify.handler.customer",
        note=_lt(
            "Brings the customers you name. Enter e-mail addresses, ids or links from Shopify's admin, separated by commas, "
            "spaces or lines. Nothing is written in Shopify."
        ),
        by_tokens=True,
    ),
    "fulfilment_export": Operation(
        label=_lt("Update order shipping status"),
        kind="",
        handler="shopify.handler.shipment",
        note=_lt(
            "Sends every done delivery that Shopify does not know yet, with its tracking numbers; deliveries that wait for "
            "a number or for a hold in Shopify are looked at again. Deliveries are also sent at once when they are done. Written "
            "in Shopify: fulfilments."
        ),
        interval=15,
        scheduled=True,
    ),
    "product": Operation(
        label=_lt("Import products"),
        kind="product",
        handler="shopify.handler.product",
        note=_lt(
            "Brings products changed in the time chosen into the layer, and links them with Odoo products by SKU or barcode "
            "as the store is set. Odoo products are created only when the store allows it; stock is not touched. Pictures "
            "follow by a job of their own. Nothing is written in Shopify."
        ),
        interval=1440,
        reads_range=True,
    ),
    "product_by_id": Operation(
        label=_lt("Import specific products"),
        kind="product",
        handler="shopify.handler.product",
        note=_lt(
            "Brings the products you name, whatever their status or date. Enter ids, links from Shopify's admin or the "
            "store, or handles (the last part of the address), separated by commas, spaces or lines."
        ),
        by_tokens=True,
    ),
    "product_map": Operation(
        label=_lt("Map products from file"),
        kind="",
        handler="",
        note=_lt(
            "Loads a file made by 'Prepare for Shopify' that was edited outside. A dry run shows row by row what would "
            "change; nothing is written in Shopify."
        ),
        opens="shopify_sync.shopify_product_map_action",
    ),
    "product_image": Operation(
        label=_lt("Import product images"),
        kind="",
        handler="shopify.handler.image",
        note=_lt(
            "Reads the pictures of linked products. It also runs by itself after each import of products. Nothing is "
            "written in Shopify."
        ),
    ),
    "collection": Operation(
        label=_lt("Import collections"),
        kind="",
        handler="shopify.handler.collection",
        note=_lt(
            "Reads the collections of the store and which products of the layer are in them. Nothing is written in "
            "Shopify."
        ),
    ),
    "location": Operation(
        label=_lt("Import locations"),
        kind="",
        handler="shopify.handler.location",
        note=_lt(
            "Reads the locations of the store, also deactivated ones. The warehouses you chose for them stay. Nothing is "
            "written in Shopify."
        ),
    ),
    "metafield": Operation(
        label=_lt("Import metafields"),
        kind="",
        handler="shopify.handler.metafield",
        note=_lt(
            "Reads the metafields that the store maps to fields of Odoo, for products, variants, orders and customers that "
            "Odoo has. What somebody changed in Odoo since stays. Nothing is written in Shopify."
        ),
        interval=1440,
    ),
    "completeness": Operation(
        label=_lt("Prove completeness"),
        kind="",
        handler="shopify.handler.proof",
        note=_lt(
            "Counts the orders, payments and refunds of the last days, or of those you choose, in Shopify against Odoo. Days are kept under "
            "Processes > Completeness; what is missing or differs is listed by order and queued again by one button. Nothing is "
            "written in Shopify."
        ),
        interval=1440,
        scheduled=True,
        counts_days=True,
    ),
    "webhook_check": Operation(
        label=_lt("Check webhooks"),
        kind="",
        handler="shopify.handler.webhook",
        note=_lt(
            "Compares what is subscribed at Shopify with the switches of the store: missing subscriptions are made, those "
            "with another address are moved, leftovers of this connector are removed. It runs once a day by itself. Written "
            "in Shopify: the app's webhook subscriptions."
        ),
    ),
}

OPERATIONS["health"] = Operation(
    label=_lt("Check the store"),
    kind="",
    handler="shopify.handler.health",
    note=_lt(
        "Lists what is to be mended: missing permissions, gateways and taxes without mapping, SKUs that exist twice, accounts, "
        "locations that share stock, stock that differs, orders missing in Odoo. Each finding has a button that opens the place. "
        "Orders of the days you choose are counted anew first. Nothing is written in Shopify."
    ),
    counts_days=True,
)
OPERATIONS["stock_export"] = Operation(
    label=_lt("Export stock"),
    kind="stock_export",
    handler="shopify.handler.stock",
    note=_lt(
        "Sends the stock of linked variants to Shopify: for each location the quantity of its warehouses, after the rule "
        "and the safety buffer. Written in Shopify: the available quantity, only where it differs."
    ),
    interval=15,
    scheduled=True,
)
OPERATIONS["stock_compare"] = Operation(
    label=_lt("Compare all stock"),
    kind="stock_export",
    handler="shopify.handler.stock.compare",
    note=_lt(
        "Reads all stock of the store in one file and compares it with Odoo; what differs is sent as by Export stock. It "
        "runs once a day by itself."
    ),
    interval=1440,
    scheduled=True,
)
OPERATIONS["stock_import"] = Operation(
    label=_lt("Import stock"),
    kind="",
    handler="shopify.handler.stock.import",
    note=_lt(
        "Reads the stock of locations with an import warehouse and makes inventory counts of it in Odoo, where it differs. "
        "A person applies them, or they are applied at once. Nothing is written in Shopify; it never runs by itself."
    ),
)

OPERATIONS["payout"] = Operation(
    label=_lt("Import payout reports"),
    kind="",
    handler="shopify.handler.payout",
    note=_lt(
        "Brings the payouts of Shopify Payments issued in the time chosen, with all their transactions, and the disputes. "
        "Payouts that Odoo has already are brought up to date. They are booked by the schedule 'Process payout statements', or by the buttons of each payout. Nothing is "
        "written in Shopify."
    ),
    interval=1440,
    scheduled=True,
    reads_range=True,
)
OPERATIONS["payout_process"] = Operation(
    label=_lt("Process payout statements"),
    kind="",
    handler="shopify.payout.runner",
    note=_lt(
        "Looks for what payouts wait for, makes their bank statements, reconciles them and validates those that are "
        "complete."
    ),
    interval=1440,
    scheduled=True,
    in_wizard=False,
)

#: Kinds of queues, what they hold, and the sequence that names them.
KINDS = {
    "order_unshipped": (_lt("Unshipped orders"), "shopify.queue.order_unshipped"),
    "order_shipped": (_lt("Shipped orders"), "shopify.queue.order_shipped"),
    "customer": (_lt("Customers"), "shopify.queue.customer"),
    "order_cancel": (_lt("Cancels to Shopify"), "shopify.queue.out"),
    "refund": (_lt("Refunds to Shopify"), "shopify.queue.out"),
    "fulfilment": (_lt("Shipments to Shopify"), "shopify.queue.out"),
    "customer_export": (_lt("Customers to Shopify"), "shopify.queue.out"),
    "product_export": (_lt("Products to Shopify"), "shopify.queue.out"),
    "stock_export": (_lt("Export stock"), "shopify.queue.stock_export"),
    "product": (_lt("Products"), "shopify.queue.product"),
}

#: What is sent to Shopify line by line, and the model that sends it; what comes first is sent first.
OUTGOING = {
    "order_cancel": "shopify.handler.cancel",
    "refund": "shopify.handler.refund",
    "fulfilment": "shopify.handler.shipment",
    "customer_export": "shopify.handler.customer.export",
}

#: Kinds processed together by one scheduled job of a store; what goes out comes before what comes in.
LANES = {
    "out": tuple(OUTGOING),
    "orders": ("order_unshipped", "order_shipped"),
    "stock": ("stock_export",),
    "customers": ("customer",),
    "catalogue": ("product",),
    "catalogue_out": ("product_export",),
}

#: All that goes to Shopify: one by one (OUTGOING), or many in one request.
OUT_KINDS = frozenset(OUTGOING) | frozenset(LANES["stock"] + LANES["catalogue_out"])
