{
    "name": "Shopify Connector",
    "summary": "A Shopify store's orders become confirmed, invoiced and paid orders in Odoo, to the cent",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Shopify Connector for Odoo maintainers",
    "depends": ["sale_management", "sale_stock", "stock_delivery", "account"],
    "data": [
        "security/shopify_groups.xml",
        "security/ir.model.access.csv",
        "security/shopify_rules.xml",
        "data/sequence_data.xml",
        "data/product_data.xml",
        "data/workflow_data.xml",
        "data/cron_data.xml",
    ],
    "application": True,
}
