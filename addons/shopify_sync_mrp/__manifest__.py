{
    "name": "Shopify Connector: Kits",
    "summary": "A kit shows in Shopify as many units as its components allow",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Shopify Connector for Odoo maintainers",
    "depends": ["shopify_sync", "sale_mrp"],
    "auto_install": True,
}
