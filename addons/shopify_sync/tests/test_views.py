"""Every screen opens: for a User, for a Manager, and Odoo's own forms for people without either role."""

from lxml import etree
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import ShopifyCase

ROOT = "shopify_sync.menu_root"
#: Models that only Shopify or the import fills: no list of them offers New.
FETCHED = (
    "shopify.queue",
    "shopify.queue.line",
    "shopify.log.line",
    "shopify.location",
    "shopify.product",
    "shopify.product.variant",
    "shopify.proof",
)
#: Actions that Python opens by name.
OPENED_BY_NAME = (
    "sale_order_action",
    "sale_order_all_action",
    "shopify_queue_action",
    "shopify_queue_line_action",
    "shopify_log_line_action",
    "shopify_operation_action",
    "shopify_complete_action",
    "shopify_accept_total_action",
    "shopify_financial_status_action",
    "shopify_proof_action",
)


class ScreenCase(ShopifyCase):
    """A store with an order of each fate: paid, risky, failed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            "User": cls.make_user("screen_user", "base.group_user", "shopify_sync.group_user"),
            "Manager": cls.make_user("screen_manager", "base.group_user", "shopify_sync.group_manager"),
        }

    def import_one_of_each(self):
        """A paid order, a risky one and one of an unknown gateway, imported."""
        orders = [self.place(), self.place(risk="HIGH"), self.place(gateway="unheard-of")]
        self.import_orders(*orders)
        self.paid, self.risky, self.failed = orders

    # What the web client asks for

    def menus(self, user):
        """The menus of the app that a user sees: {id: values}."""
        menus = self.env["ir.ui.menu"].with_user(user).load_web_menus(False)
        root = self.env.ref(ROOT).id
        return {key: menu for key, menu in menus.items() if key != "root" and menu["appID"] == root and key != root}

    def actions(self, user):
        """The window actions behind the user's menus: (menu, action values) pairs."""
        for menu in self.menus(user).values():
            # the dashboard is a page of its own (tests of the dashboard)
            if menu["actionID"] and menu["actionModel"] == "ir.actions.act_window":
                action = self.env[menu["actionModel"]].with_user(user).browse(menu["actionID"])
                yield menu, action._get_action_dict()

    def arch(self, action, user, view_type):
        """The arch of one view of an action as the user gets it, and the model with the action's context."""
        context = safe_eval(action["context"], {"uid": user.id, "active_id": self.instance.id})
        model = self.env[action["res_model"]].with_user(user).with_context(**context)
        views = [(view_id, kind) for view_id, kind in action["views"] if kind == view_type]
        if view_type == "search":
            views = [(action["search_view_id"] and action["search_view_id"][0], "search")]
        found = model.get_views(views)["views"][view_type]
        return etree.fromstring(found["arch"]), model

    def specification(self, arch, model):
        """What the web client reads for a view: its fields, and those of its inner lists."""
        specification = {}
        for node in arch.iter("field"):
            if any(parent.tag == "field" for parent in self.parents_within(node, arch)):
                continue
            field = model._fields[node.get("name")]
            inner = node.find("list")
            if inner is not None:
                specification[field.name] = {"fields": self.specification(inner, self.env[field.comodel_name])}
            elif field.type in ("many2one", "many2many", "one2many"):
                specification[field.name] = {"fields": {"display_name": {}}}
            else:
                specification[field.name] = {}
        return specification

    def parents_within(self, node, root):
        node = node.getparent()
        while node is not None and node is not root:
            yield node
            node = node.getparent()

    def default_domain(self, action, user):
        """The domain of the filters that are on when the action opens."""
        arch, model = self.arch(action, user, "search")
        wanted = {key.removeprefix("search_default_") for key in model.env.context if key.startswith("search_default_")}
        filters = {node.get("name"): node for node in arch.iter("filter")}
        self.assertLessEqual(wanted, set(filters), f"default filters of {action['name']}")
        values = {"uid": user.id, "context": dict(model.env.context)}
        domains = [safe_eval(filters[name].get("domain") or "[]", values) for name in wanted]
        return Domain(safe_eval(action["domain"] or "[]", values)) & Domain.OR(domains or [[]])

    def open_list(self, action, user):
        """Open an action as the web client does; the records of its first view."""
        view_type = action["views"][0][1]
        arch, model = self.arch(action, user, view_type)
        domain = self.default_domain(action, user)
        if view_type in ("graph", "pivot"):
            model.formatted_read_group(domain, ["date:month"], ["price_total:sum"])
            arch, model = self.arch(action, user, "list")
        rows = model.web_search_read(domain, self.specification(arch, model), limit=80)
        return model.browse(row["id"] for row in rows["records"])

    def open_form(self, record, view=None):
        """Read a record through its form, as the web client does, and run the form's own rules."""
        arch = etree.fromstring(record.get_view(view and view.id, "form")["arch"])
        record.web_read(self.specification(arch, record))
        return Form(record, view=view)


@tagged("post_install", "-at_install")
class TestMenus(ScreenCase):
    def test_no_menu_is_dead(self):
        # Odoo itself hides a menu that leads nowhere from everyone, so it is looked for among all
        menus = self.env["ir.ui.menu"].search([("id", "child_of", self.env.ref(ROOT).id)])
        for menu in menus:
            with self.subTest(menu=menu.complete_name):
                self.assertTrue(menu.child_id or menu.action, "a menu with nothing behind it")
                self.assertTrue(not menu.action or menu.action.exists())
        visible = {role: set(self.menus(user)) for role, user in self.roles.items()}
        self.assertEqual(visible["Manager"], set((menus - self.env.ref(ROOT)).ids))
        self.assertLess(visible["User"], visible["Manager"])

    def test_the_menu_has_its_six_tabs_and_configuration_is_for_managers(self):
        tabs = ["Dashboard", "Sales", "Products", "Processes", "Reporting", "Configuration"]
        for role, expected in (("Manager", tabs), ("User", tabs[:-1])):
            menus = self.env["ir.ui.menu"].with_user(self.roles[role]).load_web_menus(False)
            root = menus[self.env.ref(ROOT).id]
            self.assertEqual([menus[child]["name"] for child in root["children"]], expected)

    def test_people_without_a_role_do_not_see_the_app(self):
        seller = self.make_user("seller", "sales_team.group_sale_salesman_all_leads")
        self.assertFalse(self.menus(seller))

    def test_every_action_that_python_opens_exists(self):
        for name in OPENED_BY_NAME:
            with self.subTest(action=name):
                self.assertTrue(self.env["ir.actions.act_window"]._for_xml_id(f"shopify_sync.{name}")["views"])

    def test_every_list_says_what_will_appear_and_where_to_go_when_it_is_empty(self):
        ours = self.env["ir.model.data"].search(
            [("module", "=", "shopify_sync"), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(ours.mapped("res_id"))
        # a page of settings has nothing to be empty
        for action in actions.filtered(lambda action: action.target != "new" and action.view_mode != "form"):
            with self.subTest(action=action.name):
                self.assertIn("o_view_nocontent", action.help or "")
                if action.res_model != "shopify.sale.workflow":  # New stands above the list
                    self.assertIn('type="action"', action.help)


@tagged("post_install", "-at_install")
class TestScreensOpen(ScreenCase):
    def setUp(self):
        super().setUp()
        self.import_one_of_each()

    def test_every_screen_of_the_menu_opens_with_its_records_and_their_forms(self):
        for role, user in self.roles.items():
            seen = set()
            for menu, action in self.actions(user):
                with self.subTest(role=role, menu=menu["name"]):
                    if action["target"] == "new":
                        _arch, model = self.arch(action, user, "form")
                        Form(model)
                        continue
                    records = self.open_list(action, user)
                    if records and "form" in [kind for _view, kind in action["views"]]:
                        self.open_form(records[0])
                        seen.add(action["res_model"])
            self.assertLessEqual({"sale.order", "account.move", "stock.picking", "res.partner"}, seen, role)

    def test_the_dialogs_open_where_they_are_called(self):
        user, manager = self.roles.values()
        queue = self.env["shopify.queue"].search([("needs_attention", "=", True)], limit=1)
        action = queue.with_user(user).action_set_to_completed()
        with Form(self.env["shopify.complete"].with_user(user).with_context(**action["context"])) as dialog:
            self.assertEqual(dialog.open_count, 1)
            dialog.reason = "tested"
        order = self.sale_order(self.risky)
        order.shopify_total_state = "differs"
        action = order.with_user(manager).action_shopify_accept_total()
        with Form(self.env["shopify.accept.total"].with_user(manager).with_context(**action["context"])) as dialog:
            dialog.reason = "tested"
        at_store = {"active_id": self.instance.id, "active_model": "shopify.instance"}
        Form(self.env["shopify.credentials"].with_user(manager).with_context(**at_store))

    def test_odoos_own_forms_open_for_people_without_a_shopify_role(self):
        seller = self.make_user("plain_seller", "sales_team.group_sale_salesman_all_leads")
        clerk = self.make_user("plain_clerk", "account.group_account_invoice")
        # a delivery with a carrier asks for Contact / Creation in Odoo itself
        packer = self.make_user("plain_packer", "stock.group_stock_user", "base.group_partner_manager")
        order = self.sale_order(self.paid)
        for user, record in (
            (seller, order),
            (seller, order.partner_id),
            (seller, order.order_line.product_id.product_tmpl_id[:1]),
            (clerk, order.invoice_ids),
            (packer, order.picking_ids[:1]),
        ):
            with self.subTest(user=user.login, model=record._name):
                form = self.open_form(record.with_user(user).with_env(self.env(user=user)))
                self.assertNotIn("shopify_instance_id", form._view["fields"])

    def test_the_list_of_quotations_says_why_each_is_held(self):
        self.assertEqual(self.sale_order(self.risky).shopify_hold_reason, "Risk")

    def test_a_queue_names_each_cause_once_with_a_link(self):
        self.import_orders(self.place(gateway="unheard-of"))
        queues = self.env["shopify.queue"].search([("needs_attention", "=", True)])
        text = "".join(str(links) for links in queues.mapped("cause_links") if links)
        self.assertIn("/odoo/action-shopify_sync.shopify_log_line_action/", text)
        self.assertIn("unheard-of", text)

    def test_fix_it_is_offered_to_whoever_may_mend_the_cause(self):
        log = self.logs(order_ref=self.failed.name)
        self.assertEqual(len(log), 1)
        self.assertFalse(log.with_user(self.roles["User"]).can_fix)
        manager_log = log.with_user(self.roles["Manager"])
        self.assertTrue(manager_log.can_fix)
        action = manager_log.action_fix()
        form = Form(self.env[action["res_model"]].with_user(self.roles["Manager"]).with_context(**action["context"]))
        self.assertEqual((form.instance_id, form.gateway_id.code), (self.instance, "unheard-of"))

    def test_the_counters_above_the_queues_add_up(self):
        counters = self.env["shopify.queue"].with_user(self.roles["User"]).read_counters("order_unshipped")
        self.assertEqual(counters["all"], {"draft": 0, "failed": 1, "done": 2})
        self.assertEqual(counters["today"]["created"], 3)

    def test_the_sales_analysis_knows_the_store(self):
        self.env.flush_all()
        report = self.env["sale.report"].with_user(self.roles["User"])
        groups = report._read_group(
            [("state", "=", "sale"), ("shopify_instance_id", "=", self.instance.id)],
            ["shopify_instance_id"],
            ["price_total:sum"],
        )
        self.assertEqual(len(groups), 1)
        self.assert_cents(groups[0][1], self.sale_order(self.paid).amount_total)


@tagged("post_install", "-at_install")
class TestStoreScreens(ScreenCase):
    def views_of(self, model, user, view_type="form"):
        return etree.fromstring(self.env[model].with_user(user).get_view(None, view_type)["arch"])

    def test_secrets_are_masked_and_absent_for_users(self):
        for model in ("shopify.instance", "shopify.new.store", "shopify.credentials"):
            arch = self.views_of(model, self.roles["Manager"])
            for name in ("client_secret", "access_token"):
                nodes = arch.xpath(f"//field[@name='{name}']")
                self.assertTrue(nodes, f"{model}.{name}")
                self.assertTrue(all(node.get("password") for node in nodes), f"{model}.{name}")
        user_arch = self.views_of("shopify.instance", self.roles["User"])
        for name in ("client_id", "client_secret", "access_token"):
            self.assertFalse(user_arch.xpath(f"//field[@name='{name}']"))

    def test_raw_data_are_for_managers(self):
        self.assertTrue(self.views_of("shopify.queue.line", self.roles["Manager"]).xpath("//page[@name='raw']"))
        self.assertFalse(self.views_of("shopify.queue.line", self.roles["User"]).xpath("//page[@name='raw']"))

    def test_lists_of_fetched_records_offer_no_new_one(self):
        for model in FETCHED:
            for view_type in ("list", "form"):
                with self.subTest(model=model, view=view_type):
                    arch = self.views_of(model, self.roles["Manager"], view_type)
                    self.assertIn(arch.get("create"), ("0", "False"))

    def test_configure_schedules_lists_the_jobs_that_are_off_and_switches_them_on(self):
        manager = self.roles["Manager"]
        self.instance.schedules_saved = True  # before, the usual ones are proposed
        dialogs = self.env["shopify.schedules"].with_user(manager).with_context(active_id=self.instance.id)
        form = Form(dialogs)
        self.assertEqual(len(form.line_ids), len(self.instance.cron_ids))
        with form.line_ids.edit(0) as line:
            line.active = True
        form.save().action_save()
        self.assertEqual(self.instance.cron_ids.mapped("active").count(True), 1)
        self.assertTrue(self.instance.schedules_on)
        shown = self.instance.with_user(manager).read_schedules()["jobs"]
        self.assertEqual([job["active"] for job in shown].count(True), 1)

    def test_process_queues_works_while_the_schedule_is_off(self):
        order = self.place()
        self.run_operation(tokens=str(order.id), operation="order_by_id")
        self.assertEqual(self.queue_line(order).state, "draft")
        with self.own_cursor(self.roles["User"]) as env:
            self.instance.with_env(env).action_process_queues()
        self.assertEqual(self.queue_line(order).state, "done")

    def new_store(self, sim, **values):
        """The dialog of a new store, filled in for a simulator."""
        dialogs = self.env["shopify.new.store"].with_user(self.roles["Manager"])
        return dialogs.create(
            {
                "name": "Second",
                "shop_domain": sim.domain,
                "auth_mode": "permanent_token",
                "access_token": "shpat_simulator",
            }
            | values
        )

    def test_create_commits_the_store_before_it_asks_shopify(self):
        """A request reads the store in a transaction of its own: one that is not committed would not be there."""
        sim = self.start_simulator(seed=5)
        seen = []
        connect = self.registry["shopify.instance"]._connect

        def spy(store):
            seen.append(store.env.cr is self.env.cr)
            return connect(store)

        self.patch(self.registry["shopify.instance"], "_connect", spy)
        action = self.new_store(sim).action_create()
        store = self.env["shopify.instance"].browse(action["res_id"])
        self.assertEqual((seen, store.state, store.shop_domain), ([False], "connected", sim.domain))

    def test_a_store_that_cannot_be_set_up_is_not_left_half_made(self):
        sim = self.start_simulator(seed=6)
        sim.faults.add("status", operation="Locations", status=503, times=None)
        with self.assertRaises(UserError):
            self.new_store(sim).action_create()
        self.assertFalse(self.env["shopify.instance"].search([("shop_domain", "=", sim.domain)]))

    def test_the_dialog_of_a_new_store_names_every_scope_to_set_up(self):
        form = Form(self.env["shopify.new.store"].with_user(self.roles["Manager"]))
        for scope in ("read_orders", "read_products", "read_customers", "read_locations"):
            self.assertIn(scope, form.scope_help)
            self.assertIn(scope, form.scopes_text.split(","))
