"""What the permissions of a store's app are for, in words; which function needs which is in `shopify_api.scopes`."""

from odoo.tools.translate import LazyTranslate

#: Texts are translated when they are shown: `env._(FUNCTION_NAMES[key])`.
_lt = LazyTranslate(__name__)

#: What the connector does, by the keys of `shopify_api.scopes.FUNCTIONS`.
FUNCTION_NAMES = {
    "orders": _lt("Import orders"),
    "old_orders": _lt("Import orders older than 60 days"),
    "products": _lt("Find and create the products of order lines"),
    "locations": _lt("Import locations"),
    "companies": _lt("Import companies (B2B)"),
    "payment_terms": _lt("Read payment terms of orders"),
    "fulfillment_orders": _lt("Know pickup orders and the location that ships"),
    "customers": _lt("Import customers"),
    "customers_out": _lt("Create and change customers in Shopify"),
    "customer_merges": _lt("Know at once which customers were merged"),
    "returns": _lt("Know returns and exchanges, and bring their goods back"),
    "cancel": _lt("Cancel orders in Shopify"),
    "refunds": _lt("Refund in Shopify"),
    "fulfilments": _lt("Send shipments to Shopify"),
    "fulfilments_seen": _lt("Know at once what was shipped in Shopify"),
    "services_seen": _lt("Know what fulfilment services ship"),
    "product_out": _lt("Export and update products"),
    "pictures_out": _lt("Replace pictures in Shopify and their alt texts"),
    "publish": _lt("Publish products"),
    "stock_out": _lt("Export stock"),
    "stock_in": _lt("Import and compare stock"),
    "payouts": _lt("Import payouts of Shopify Payments"),
    "disputes": _lt("Import disputes"),
}
#: Why a scope is asked for.
WHY = {
    "read_orders": _lt("to read orders, their payments, refunds and fulfilments"),
    "read_all_orders": _lt(
        "to read orders older than 60 days; without it Shopify leaves them out silently. Apps "
        "made by partners need Shopify's approval for it"
    ),
    "write_orders": _lt("to cancel and refund orders from Odoo"),
    "write_products": _lt("to export and update products from Odoo"),
    "read_publications": _lt("to know the store's sales channels"),
    "write_publications": _lt("to publish products in sales channels"),
    "read_inventory": _lt("to read stock by location"),
    "write_inventory": _lt("to send stock from Odoo"),
    "read_products": _lt("to find and create the products of order lines"),
    "read_customers": _lt("to read who ordered, with address and e-mail"),
    "write_customers": _lt("to create customers in Shopify and to send changes made in Odoo"),
    "read_customer_merge": _lt("to know which customers were merged in Shopify"),
    "read_locations": _lt("to know the store's locations and link them to warehouses"),
    "read_companies": _lt("to read business customers and their locations"),
    "read_payment_terms": _lt("to read when an order that is not paid at once is due"),
    "read_fulfillments": _lt("to be told of shipments that are made in Shopify or by other apps"),
    "read_third_party_fulfillment_orders": _lt(
        "to know which units a fulfilment service ships, so that nobody ships them a second time"
    ),
    "write_files": _lt("to replace pictures that are in Shopify already, and their alt texts"),
    "read_shopify_payments": _lt("to read payouts and disputes, where the narrower permissions are not to be had"),
    "read_shopify_payments_accounts": _lt(
        "to find the store's account at Shopify Payments, from which its payouts are read"
    ),
    "read_shopify_payments_payouts": _lt("to read what Shopify Payments paid out, transaction by transaction"),
    "read_shopify_payments_disputes": _lt("to know which payments customers dispute, and until when to answer"),
    "read_returns": _lt("to know what customers send back, what came in, and what is sent instead"),
    "read_merchant_managed_fulfillment_orders": _lt("to know which orders are picked up and which location ships"),
    "write_merchant_managed_fulfillment_orders": _lt(
        "to tell Shopify what Odoo has shipped, with the tracking numbers"
    ),
}
