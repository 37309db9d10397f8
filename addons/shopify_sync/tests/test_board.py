"""The dashboard: each figure against data made by hand, who sees what, one answer in few queries."""

from datetime import timedelta

from odoo import fields
from odoo.addons.shopify_sync.models.shopify_instance_board_lists import LISTS
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import ShopifyCase
from .test_views import ScreenCase

#: At most so many queries make the whole board.
BUDGET = 40


class BoardCase(ShopifyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("board_user", "base.group_user", "shopify_sync.group_user")
        cls.manager = cls.make_user("board_manager", "base.group_user", "shopify_sync.group_manager")
        cls.partner = cls.env["res.partner"].create({"name": "Ada"})

    def sell(self, date, amount, store=None, **values):
        """A confirmed order of so much money, at a moment in UTC."""
        store = store or self.instance
        line = {"product_id": self.products[0].id, "product_uom_qty": 1, "price_unit": amount, "tax_ids": False}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "shopify_instance_id": store.id,
                "company_id": store.company_id.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )
        order.write({"state": "sale", "date_order": date})
        return order

    def board(self, user=None, period="month", store=None):
        """The card of a store as a user gets it."""
        store = store or self.instance
        self.env.flush_all()
        found = self.env["shopify.instance"].with_user(user or self.user).read_board({str(store.id): period})
        return next(card for card in found["stores"] if card["id"] == store.id)

    def figures(self, **options):
        """{figure: (value, growth)} of the card."""
        return {one["key"]: (one["value"], one["growth"]) for one in self.board(**options)["figures"]}


@tagged("post_install", "-at_install")
class TestFigures(BoardCase):
    def test_the_month_is_the_stores_own_and_is_compared_with_as_many_days_before(self):
        self.instance.shop_tz = "Pacific/Auckland"
        with freeze_time("2026-10-10 11:00:00"):  # the 11th is an hour old in Auckland
            self.sell("2026-09-30 10:59:59", 1000)  # 23:59:59 of 30 September there
            self.sell("2026-09-30 11:00:00", 100)  # midnight of 1 October
            self.sell("2026-10-10 10:00:00", 50)
            self.sell("2026-08-31 12:00:00", 60)  # 1 September
            self.sell("2026-09-20 12:00:00", 7000)  # later in September than October has got
            self.sell("2026-10-05 00:00:00", 900, state="draft").state = "cancel"
            found = self.figures()
        self.assertEqual(found["sales"], (150.0, 150.0))
        self.assertEqual(found["orders"], (2.0, 100.0))
        self.assertEqual(found["average"], (75.0, 25.0))

    def test_weeks_start_on_monday_and_the_graph_has_a_point_a_day(self):
        self.instance.shop_tz = "Europe/Berlin"
        with freeze_time("2026-11-25 12:00:00"):  # a Wednesday
            self.sell("2026-11-22 22:59:59", 5)  # Sunday night in Berlin
            self.sell("2026-11-22 23:00:00", 40)  # Monday
            self.sell("2026-11-25 09:00:00", 20)
            card = self.board(period="week")
        self.assertEqual(card["graph"]["values"], [40.0, 0.0, 20.0, None, None, None, None])
        self.assertEqual(card["figures"][0]["value"], 60)

    def test_all_has_no_comparison_and_a_year_shows_its_months(self):
        with freeze_time("2026-03-15 12:00:00"):
            self.sell("2025-12-31 12:00:00", 10)
            self.sell("2026-02-01 12:00:00", 30)
            year, everything = self.board(period="year"), self.board(period="all")
        self.assertEqual(year["graph"]["values"], [0.0, 30.0, 0.0, *[None] * 9])
        self.assertEqual(everything["graph"]["values"], [10.0, 0.0, 30.0, 0.0])
        self.assertFalse(everything["compared"])
        self.assertEqual({one["growth"] for one in everything["figures"]}, {None})

    def test_without_orders_the_average_is_zero_and_nothing_is_compared(self):
        self.assertEqual(set(self.figures().values()), {(0.0, None)})

    def test_an_order_in_another_currency_counts_with_its_total_in_the_stores(self):
        other = self.env.ref("base.JPY")
        other.active = True
        pricelist = self.env["product.pricelist"].create({"name": "Yen", "currency_id": other.id})
        with freeze_time("2026-05-10 12:00:00"):
            order = self.sell("2026-05-09 12:00:00", 5000, pricelist_id=pricelist.id)
            order.write({"shopify_shop_currency_id": self.instance.shop_currency_id.id, "shopify_shop_total": 31.5})
            self.assertEqual(order.currency_id, other)
            self.assertEqual(self.figures()["sales"][0], 31.5)

    def test_ten_thousand_orders_and_five_stores_make_no_query_more(self):
        order = self.sell("2026-05-09 12:00:00", 10)
        for number in range(4):
            self.env["shopify.instance"].create(
                {"name": f"Shop {number}", "shop_domain": f"board-{number}.myshopify.com", "state": "connected"}
            )
        before = {user.login: self.queries(user) for user in (self.user, self.manager)}
        columns = [
            SQL.identifier(field.name)
            for field in order._fields.values()
            if field.store and field.column_type and field.name not in ("id", "access_token", "shopify_order_id")
        ]
        names = SQL(", ").join(columns)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO sale_order (%s) SELECT %s FROM sale_order, generate_series(1, 10000) WHERE id = %s",
                names,
                names,
                order.id,
            )
        )
        after = {user.login: self.queries(user) for user in (self.user, self.manager)}
        self.assertEqual(self.figures(period="all")["orders"][0], 10001)
        self.assertEqual(after, before)
        self.assertLessEqual(max(after.values()), BUDGET)

    def queries(self, user):
        """Queries of one whole board in a request of its own, which has read nothing yet."""
        self.warm(user)
        with self.own_cursor(user) as env:
            start = env.cr.sql_log_count
            env["shopify.instance"].read_board()
            return env.cr.sql_log_count - start

    def warm(self, user):
        """Read what a worker of a running server keeps in memory: rights, rules, languages."""
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env["shopify.instance"].with_user(user).read_board()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_the_first_board_of_a_request_keeps_its_budget(self):
        for number in range(4):
            self.env["shopify.instance"].create(
                {"name": f"Shop {number}", "shop_domain": f"first-{number}.myshopify.com", "state": "connected"}
            )
        self.warm(self.user)
        with self.assertQueryCount(BUDGET):
            self.env["shopify.instance"].with_user(self.user).read_board()

    def test_sales_of_a_store_are_found_by_an_index(self):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'sale_order'")
        indexes = [row[0] for row in self.env.cr.fetchall()]
        self.assertTrue([one for one in indexes if "(shopify_instance_id, date_order) WHERE" in one])


@tagged("post_install", "-at_install")
class TestNumbers(ScreenCase):
    def test_each_number_of_the_card_is_the_length_of_the_list_it_opens(self):
        self.import_one_of_each()
        user = self.roles["Manager"]
        store = self.instance.with_user(user)
        self.env.flush_all()
        (card,) = store.read_board()["stores"]
        shown = {one["key"]: one["count"] for one in (*card["counters"], *card["attention"])}
        for key in LISTS:
            with self.subTest(number=key):
                action = store.with_context(shopify_list=key).action_view_list()
                found = self.env[action["res_model"]].with_user(user).search_count(action["domain"])
                entry = key in shown or key in {one["key"] for one in store._board_attention()}
                if entry:
                    self.assertEqual(shown.get(key, 0), found)
        self.assertEqual((shown["orders"], shown["risky"], shown["failed"], shown["gateways"]), (1, 1, 1, 1))

    def test_payouts_are_for_those_who_keep_the_books(self):
        common = {"instance_id": self.instance.id, "currency_id": self.env.company.currency_id.id}
        payout = {
            **common,
            "date": "2026-01-02",
            "issued_at": "2026-01-02 00:00:00",
            "status": "paid",
            "payout_type": "deposit",
        }
        self.env["shopify.payout"].create(
            [
                {**payout, "shopify_id": "1", "skip_schedule": True},
                {
                    **payout,
                    "shopify_id": "2",
                    "line_ids": [
                        Command.create(
                            {**common, "shopify_id": "5", "transaction_type": "NEW_TYPE", "state": "to_configure"}
                        )
                    ],
                },
            ]
        )
        dispute = {**common, "kind": "chargeback", "amount": 9}
        self.env["shopify.dispute"].create(
            [
                {**dispute, "shopify_id": "7", "status": "needs_response"},
                {**dispute, "shopify_id": "8", "status": "won"},
            ]
        )
        accountant = self.make_user("board_books", "shopify_sync.group_user", "account.group_account_user")
        wanted = {"payouts": 1, "payouts_aside": 1, "disputes": 1}
        for user, expected in ((accountant, wanted), (self.roles["Manager"], wanted), (self.roles["User"], {})):
            with self.subTest(user=user.login):
                store = self.instance.with_user(user)
                self.env.flush_all()
                (card,) = store.read_board()["stores"]
                shown = {one["key"]: one["count"] for one in card["attention"]}
                self.assertEqual(shown, expected)
        for key in wanted:
            action = store.with_user(accountant).with_context(shopify_list=key).action_view_list()
            self.assertEqual(self.env[action["res_model"]].with_user(accountant).search_count(action["domain"]), 1)

    def test_stock_and_products_on_their_way_wait_to_go_out(self):
        lines = self.env["shopify.queue.line"]
        for kind in ("stock_export", "product_export", "customer"):
            queue = self.env["shopify.queue"].create({"instance_id": self.instance.id, "kind": kind, "source": "cron"})
            lines.create(
                {
                    "queue_id": queue.id,
                    "instance_id": self.instance.id,
                    "kind": kind,
                    "shopify_id": kind,
                    "state": "draft",
                }
            )
        (card,) = self.instance.with_user(self.roles["User"]).read_board()["stores"]
        shown = {one["key"]: one["count"] for one in card["attention"]}
        self.assertEqual(shown, {"outgoing": 2, "waiting": 1})
        for key, count in shown.items():
            action = self.instance.with_context(shopify_list=key).action_view_list()
            self.assertEqual(lines.search_count(action["domain"]), count)

    def test_only_what_is_there_asks_for_attention(self):
        (card,) = self.instance.with_user(self.roles["User"]).read_board()["stores"]
        self.assertEqual(card["attention"], [])


@tagged("post_install", "-at_install")
class TestAccess(BoardCase):
    def test_a_user_sees_the_board_but_no_way_to_configure(self):
        board = self.env["shopify.instance"].with_user(self.user).read_board()
        self.assertFalse(board["manager"] or board["setup"])
        health = {one["key"]: one["method"] for one in board["stores"][0]["health"]}
        self.assertEqual((health["sign_in"], health["schedules"], health["version"]), (None, None, None))
        self.assertEqual(health["proof"], "action_view_proofs")
        store = self.instance.with_user(self.user)
        for refused in (store.read_schedules, lambda: store.run_schedule_now("process_orders")):
            with self.assertRaises(AccessError):
                refused()
        with self.assertRaises(AccessError):
            store.set_board_color(3)

    def test_a_manager_sees_the_ways_to_mend(self):
        board = self.env["shopify.instance"].with_user(self.manager).read_board()
        self.assertTrue(all(one["method"] for one in board["stores"][0]["health"]))
        self.assertTrue(board["setup"]["stores"])
        names = [job["name"] for job in self.instance.with_user(self.manager).read_schedules()["jobs"]]
        self.assertIn("Process orders", names)

    def test_who_has_no_role_sees_nothing(self):
        plain = self.make_user("board_plain", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["shopify.instance"].with_user(plain).read_board()

    def test_a_store_of_another_company_is_not_there(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["shopify.instance"].create(
            {"name": "Hidden", "shop_domain": "hidden.myshopify.com", "company_id": company.id}
        )
        board = self.env["shopify.instance"].with_user(self.manager).read_board()
        self.assertNotIn("Hidden", [card["name"] for card in board["stores"]])
        self.assertNotIn("Hidden", [store["name"] for store in board["setup"]["stores"]])


@tagged("post_install", "-at_install")
class TestHealth(BoardCase):
    def health(self, key):
        return next(one for one in self.board(self.manager)["health"] if one["key"] == key)

    def test_schedules_say_that_they_are_off_late_or_failing(self):
        self.assertEqual(self.health("schedules")["level"], "warning")
        self.instance._start_schedules()
        jobs = self.instance.cron_ids.filtered("active")
        jobs.nextcall = "2100-01-01 00:00:00"
        self.assertEqual(self.health("schedules")["level"], "ok")
        self.assertIn("Next run ", self.health("schedules")["text"])
        jobs.nextcall = fields.Datetime.now() - timedelta(minutes=1)
        fact = self.health("schedules")
        self.assertEqual((fact["level"], fact["text"]), ("ok", "The next run is due now."))
        jobs[0].nextcall = "2001-01-01 00:00:00"
        fact = self.health("schedules")
        self.assertEqual(fact["level"], "warning")
        self.assertIn("Late: ", fact["text"])
        jobs[0].failure_count = 3
        fact = self.health("schedules")
        self.assertEqual(fact["level"], "danger")
        self.assertIn("Failing: ", fact["text"])

    def test_a_missing_permission_and_a_refused_sign_in_are_said(self):
        self.assertEqual(self.health("sign_in")["level"], "ok")
        self.instance.scope_ids[0].works = False
        self.assertIn(self.instance.scope_ids.filtered(lambda row: not row.works).name, self.health("sign_in")["text"])
        self.instance.write({"state": "problem", "problem": "The secret is wrong."})
        fact = self.health("sign_in")
        self.assertEqual((fact["level"], fact["text"]), ("danger", "The secret is wrong."))

    def test_a_copy_of_the_database_is_paused(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.assertEqual(self.board()["state"]["key"], "paused")

    def test_lost_subscriptions_are_counted(self):
        self.assertEqual(self.health("webhooks")["level"], "off")
        self.env.cr.execute(SQL("UPDATE shopify_instance SET webhook_order = true WHERE id = %s", self.instance.id))
        self.env.invalidate_all()
        self.env["shopify.webhook"].create(
            [
                {"instance_id": self.instance.id, "topic": "orders/create", "state": "missing"},
                {"instance_id": self.instance.id, "topic": "orders/updated", "state": "active"},
            ]
        )
        fact = self.health("webhooks")
        self.assertEqual((fact["level"], fact["text"]), ("danger", "1 of 2 subscriptions do not work."))

    def test_the_end_of_the_api_version_is_announced(self):
        with freeze_time("2027-06-01"):
            self.assertEqual(self.health("version")["level"], "warning")
        with freeze_time("2027-07-01"):
            self.assertEqual(self.health("version")["level"], "danger")


@tagged("post_install", "-at_install")
class TestCustomise(BoardCase):
    def test_each_user_chooses_what_his_card_shows_and_goes_back_to_standard(self):
        store = self.instance.with_user(self.user)
        action = store.action_customise_card()
        card = self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        card.write({"counter_products": False, "group_invoices": False, "graph": "orders", "period": "year"})
        self.env.flush_all()
        (mine,) = store.read_board()["stores"]
        self.assertNotIn("products", [one["key"] for one in mine["counters"]])
        self.assertNotIn("invoices", [one["key"] for one in mine["groups"]])
        self.assertEqual((mine["graph"]["kind"], mine["period"]), ("orders", "year"))
        (other,) = self.instance.with_user(self.manager).read_board()["stores"]
        self.assertEqual((len(other["counters"]), other["period"]), (6, "month"))
        with self.assertRaises(AccessError):
            card.with_user(self.manager).write({"graph": "none"})
        card.action_standard()
        (mine,) = store.read_board()["stores"]
        self.assertEqual((len(mine["counters"]), mine["period"]), (6, "month"))

    def test_cards_come_in_the_users_own_order(self):
        second = self.env["shopify.instance"].create({"name": "Zebra", "shop_domain": "zebra.myshopify.com"})
        store = second.with_user(self.user)
        card = self.env["shopify.dashboard.card"].with_user(self.user).browse(store.action_customise_card()["res_id"])
        card.sequence = 1
        names = [one["name"] for one in store.read_board()["stores"]]
        self.assertEqual(names[0], "Zebra")
        others = [one["name"] for one in self.instance.with_user(self.manager).read_board()["stores"]]
        self.assertEqual(others[-1], "Zebra")


@tagged("post_install", "-at_install")
class TestSetup(BoardCase):
    def steps(self):
        (found,) = self.env["shopify.instance"].with_user(self.manager).read_board()["setup"]["stores"]
        return {step["key"]: step["state"] for step in found["steps"]}, found["complete"]

    def test_a_store_goes_through_four_steps_and_the_panel_closes(self):
        store = self.instance.with_user(self.manager)
        self.assertEqual(
            self.steps(),
            ({"connection": "done", "settings": "todo", "payments": "todo", "schedules": "todo"}, False),
        )
        store.action_setup_settings_done()
        store.action_setup_payments_done()
        store._start_schedules()
        self.assertEqual(self.steps()[1], True)
        store.action_setup_close()
        self.assertEqual(store.read_board()["setup"]["stores"], [])

    def test_payments_are_not_done_while_a_gateway_has_no_workflow(self):
        self.import_orders(self.place(gateway="unheard-of"))
        action = self.instance.with_user(self.manager).action_setup_payments_done()
        self.assertIn("unheard-of", action["params"]["message"])
        self.assertEqual(self.steps()[0]["payments"], "todo")
        self.instance.action_setup_find_combinations()
        self.assertEqual(
            self.instance.with_user(self.manager).action_setup_payments_done()["type"], "ir.actions.act_window_close"
        )
        self.assertEqual(self.steps()[0]["payments"], "done")

    def test_the_steps_of_a_store_to_come_are_locked_behind_the_first(self):
        steps = self.env["shopify.instance"].with_user(self.manager).read_board()["setup"]["new"]["steps"]
        self.assertEqual([step["state"] for step in steps], ["todo", "locked", "locked", "locked"])

    def test_each_step_opens_its_own_form(self):
        store = self.instance.with_user(self.manager)
        for step in ("settings", "payments"):
            action = getattr(store, f"action_setup_{step}")()
            view = store.get_view(action["views"][0][0], "form")
            self.assertIn(f"action_setup_{step}_done", view["arch"])
        self.assertEqual(store.action_setup_schedules()["res_model"], "shopify.schedules")
        self.assertEqual(store.browse().action_setup_connection()["res_model"], "shopify.new.store")


@tagged("post_install", "-at_install")
class TestLive(BoardCase):
    def test_a_transaction_that_moves_many_queues_sends_one_notice(self):
        with self.own_cursor() as env:
            before = env["bus.bus"].search_count([])
            for _time in range(5):
                env["shopify.instance"]._board_changed()
            env.cr.flush()
            notices = env["bus.bus"].search_count([]) - before
        self.assertEqual(notices, 1)
