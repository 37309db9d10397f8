"""Each list of the addon opens in under 20 queries a page, with 10,000 records in it."""

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .test_lists import ListCase

RECORDS, PAGE, BUDGET = 10_000, 80, 20
#: What the lists show; made once, then copied in the database.
SEEDED = (
    "sale.order",
    "account.move",
    "stock.picking",
    "res.partner",
    "shopify.customer",
    "shopify.product",
    "shopify.product.variant",
    "shopify.queue",
    "shopify.queue.line",
    "shopify.log.line",
    "shopify.webhook.event",
    "shopify.proof",
)


@tagged("post_install", "-at_install")
class TestListBudget(ListCase):
    def setUp(self):
        super().setUp()
        self.import_one_of_each()
        order = self.place(financial="paid", taxes="US-NY", shipping="4.90")
        self.import_orders(order)
        self.sim.clock.advance(60)
        self.sim.store.refund(order, lines={self.skus[0]: 1}, restock="no_restock")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        sale_order.shopify_refund_ids.action_create_credit_note()
        self.env["shopify.webhook.event"].create(
            {"instance_id": self.instance.id, "topic": "orders/updated", "received_at": fields.Datetime.now()}
        )
        self.env["shopify.proof"].create({"instance_id": self.instance.id, "day": "2026-01-01"})
        self.env.flush_all()
        for model in SEEDED:
            self.multiply(self.env[model])
        self.env["res.partner"].invalidate_model()
        self.env.invalidate_all()

    def multiply(self, model):
        """Copy the model's records in the database until there are 10,000; unique texts and days become other ones."""
        seeds = model.search(self.seed_domain(model)).ids
        self.assertTrue(seeds, model._name)
        times = -(-RECORDS // len(seeds))
        columns = self.env.execute_query(
            SQL(
                """SELECT a.attname, format_type(a.atttypid, NULL), EXISTS (
                       SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY(i.indkey)
                   ) FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
                     AND a.attname != 'id' AND a.attgenerated = ''""",
                model._table,
            )
        )
        values = []
        for name, kind, unique in columns:
            column = SQL("t.%s", SQL.identifier(name))
            is_text = (
                kind in ("character varying", "text") and getattr(model._fields.get(name), "type", "") != "selection"
            )
            if unique and is_text:
                column = SQL("%s || '-' || g", column)
            elif unique and kind == "date":
                column = SQL("%s - g", column)
            elif model._name == "shopify.customer" and name == "partner_id":
                # each copy of a contact gets its own link
                column = SQL("(SELECT id FROM res_partner WHERE ref = 'copy-' || g LIMIT 1)")
            elif model._name == "res.partner" and name == "ref":
                column = SQL("'copy-' || g")
            values.append(column)
        self.env.execute_query(
            SQL(
                "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(table)s t, generate_series(1, %(times)s) g"
                " WHERE t.id = ANY(%(seeds)s) RETURNING id",
                table=SQL.identifier(model._table),
                columns=SQL(", ").join(SQL.identifier(name) for name, _kind, _unique in columns),
                values=SQL(", ").join(values),
                times=times,
                seeds=seeds,
            )
        )

    def seed_domain(self, model):
        return {
            "sale.order": [("shopify_order_id", "!=", False)],
            "account.move": [("shopify_order_id", "!=", False)],
            "stock.picking": [("shopify_order_id", "!=", False)],
            "res.partner": [("shopify_customer_ids", "!=", False)],
            "shopify.queue.line": [("instance_id", "=", self.instance.id)],
        }.get(model._name, [])

    def test_each_list_opens_within_its_budget(self):
        found, empty = {}, []
        for role, user in self.roles.items():
            for name, action, arch, _search in self.lists():
                if not self.env[action["res_model"]].with_user(user).has_access("read"):
                    continue
                model = self.arch(action, user, "list")[1]
                specification = self.specification(arch, model)
                domain = self.default_domain(action, user)
                model.search_count(domain, limit=1)  # what the registry and the user's rights cost comes once
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = model.web_search_read(domain, specification, limit=PAGE, count_limit=RECORDS + 1)
                found[role, name] = self.env.cr.sql_log_count - before
                if len(rows["records"]) < PAGE:
                    empty.append(name)
        over = {key: count for key, count in found.items() if count >= BUDGET}
        self.assertFalse(over, f"lists over {BUDGET} queries")
        busy = {name for _role, name in found} - set(empty)
        self.assertLessEqual(
            {
                "sale_order_action",
                "sale_order_all_action",
                "account_move_action",
                "account_refund_action",
                "stock_picking_action",
                "res_partner_action",
                "shopify_product_action",
                "shopify_product_variant_action",
                "shopify_queue_line_action",
                "shopify_log_line_action",
                "shopify_webhook_event_action",
                "shopify_proof_action",
            },
            busy,
            found,
        )
