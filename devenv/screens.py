"""The screens that docs/ shows, one entry a picture."""

from dataclasses import dataclass

HEIGHT = 900


@dataclass(frozen=True)
class Screen:
    """A picture: its file `docs/images/NAME.png`, the action (or the menu, for what a menu computes) that it starts from,
    and what is done before it is taken.

    Steps: ("click", selector) or ("click", selector, text) clicks the first visible element that contains the text;
    ("first",) opens the first record; ("run", script) runs JavaScript.
    """

    name: str
    action: str
    steps: tuple[tuple[str, ...], ...] = ()
    width: int = 1400
    height: int = HEIGHT


def _on(action: str) -> str:
    return f"shopify_sync.{action}"


SCREENS = (
    Screen("dashboard", _on("menu_dashboard")),
    Screen("dashboard-800", _on("menu_dashboard"), width=800),
    Screen("orders", _on("sale_order_action")),
    Screen("order", _on("sale_order_action"), (("first",),)),
    Screen("order-shopify", _on("sale_order_action"), (("first",), ("click", ".o_notebook .nav-link", "Shopify"))),
    Screen("risky", _on("sale_order_risky_action")),
    Screen("risky-order", _on("sale_order_risky_action"), (("first",),)),
    Screen("operations", _on("shopify_operation_action"), height=760),
    Screen("queues", _on("shopify_queue_unshipped_action"), height=600),
    Screen("queue", _on("shopify_queue_unshipped_action"), (("first",),), height=760),
    Screen("log", _on("shopify_log_line_action"), height=600),
    Screen("causes", _on("shopify_cause_action"), height=600),
    Screen("products", _on("shopify_product_action"), height=760),
    Screen("deliveries", _on("stock_picking_action"), height=600),
    Screen("completeness", _on("shopify_proof_action"), height=600),
    Screen("report", _on("sale_report_action"), height=760),
    Screen("month-end", _on("menu_month_end")),
    Screen("connect", _on("shopify_new_store_action"), height=760),
    Screen("settings", _on("shopify_settings_action")),
    Screen("instance", _on("shopify_instance_action"), (("first",),)),
    Screen("workflows", _on("shopify_sale_workflow_action"), height=600),
    Screen("financial-status", _on("shopify_financial_status_action"), height=600),
    Screen("taxes", _on("shopify_tax_mapping_action"), height=600),
    Screen("takeover", _on("shopify_takeover_action"), height=600),
)
