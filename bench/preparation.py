"""The database that every way gets a copy of: store connected, products and stock present, everything mapped."""

from bench.sales import SHIPPING_CODE, SHIPPING_PRICE, SHIPPING_TITLE, TAX_RATE, TAX_TITLE
from devenv import demo_script

STOCK = 1_000_000  # units of each product


def prepare(env, domain: str, token: str, product_ids: list[str]) -> int:
    """Connect the store at `domain` and make what its orders need.

    :return: how many orders one batch of the connector has
    """
    store = env["shopify.instance"].browse(demo_script.connect(env, domain, token))._for_jobs()
    maker = store.env["shopify.product.maker"]
    maker._make(store, maker._fetch(store, product_ids))
    _fill_stock(store)
    _make_tax(store)
    _make_carrier(store)
    env.cr.commit()
    return store.queue_size_order


def _fill_stock(store) -> None:
    quants = store.env["stock.quant"]
    for product in store.env["product.product"].search([("default_code", "!=", False), ("is_storable", "=", True)]):
        quants._update_available_quantity(product, store.warehouse_id.lot_stock_id, STOCK)


def _make_tax(store) -> None:
    tax = store.env["account.tax"].create(
        {
            "name": TAX_TITLE,
            "amount_type": "percent",
            "amount": float(TAX_RATE) * 100,
            "type_tax_use": "sale",
            "price_include_override": "tax_excluded",
            "company_id": store.company_id.id,
        }
    )
    store.env["shopify.tax.mapping"].create(
        {"instance_id": store.id, "name": TAX_TITLE, "rate": float(TAX_RATE), "country_code": "US", "tax_id": tax.id}
    )


def _make_carrier(store) -> None:
    store.env["delivery.carrier"].create(
        {
            "name": SHIPPING_TITLE,
            "shopify_code": SHIPPING_CODE,
            "product_id": store.product_shipping_id.id,
            "delivery_type": "fixed",
            "fixed_price": float(SHIPPING_PRICE),
            "integration_level": "rate",
        }
    )
