{
    "name": "Shopify Connector: Sales Dashboard",
    "summary": "Sales, refunds and fulfilment of the Shopify stores on a dashboard of Odoo's own kind",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Shopify Connector for Odoo maintainers",
    "depends": ["shopify_sync", "spreadsheet_dashboard"],
    "data": ["data/dashboards.xml"],
    "assets": {"web.assets_tests": ["shopify_sync_spreadsheet_dashboard/static/tests/tours/**/*"]},
    "auto_install": True,
}
