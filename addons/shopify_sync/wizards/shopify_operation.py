"""Dialog: run an operation of a store by hand."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import shopify_api
from ..models.operations import OPERATIONS
from ..models.run_starter import OVERLAP
from ..models.shopify_instance_run_now import FIRST_SECONDS
from ..models.spoken import spoken

#: The function whose permissions an operation needs, by the model that reads (`shopify_api.scopes.FUNCTIONS`).
FUNCTIONS = {
    "shopify.handler.order": "orders",
    "shopify.handler.proof": "orders",
    "shopify.handler.customer": "customers",
    "shopify.handler.shipment": "fulfilments",
    "shopify.handler.product": "products",
    "shopify.handler.image": "products",
    "shopify.handler.collection": "products",
    "shopify.handler.metafield": "products",
    "shopify.handler.stock": "stock_out",
    "shopify.handler.stock.compare": "stock_out",
    "shopify.handler.stock.import": "stock_in",
    "shopify.handler.payout": "payouts",
}


class ShopifyOperation(models.TransientModel):
    """One wizard for all operations; what each one is, is defined in `models/operations.py`."""

    _name = "shopify.operation"
    _description = "Shopify Operations"

    instance_id = fields.Many2one(
        "shopify.instance",
        required=True,
        default=lambda self: self.env["shopify.instance"]._only_one(),
    )
    operation = fields.Selection(
        selection=lambda self: [(key, self.env._(op.label)) for key, op in OPERATIONS.items() if op.in_wizard],
        required=True,
        default="order_unshipped",
    )
    offered = fields.Json(compute="_compute_offered", help="Keys of the operations that are there for the store.")
    note = fields.Text(compute="_compute_facts")
    reads_range = fields.Boolean(compute="_compute_facts")
    counts_days = fields.Boolean(compute="_compute_facts")
    by_tokens = fields.Boolean(compute="_compute_facts")
    imports_customers = fields.Boolean(compute="_compute_facts")
    imports_orders = fields.Boolean(compute="_compute_facts", help="What it would do can be shown before.")
    imports_products = fields.Boolean(compute="_compute_facts")
    brings_products = fields.Boolean(compute="_compute_facts")
    product_makes = fields.Boolean(related="instance_id.product_create")
    product_updates = fields.Boolean(related="instance_id.product_update")
    count_text = fields.Text(
        compute="_compute_count_text", store=True, help="How many products the import would look at, when asked."
    )
    has_dialog = fields.Boolean(compute="_compute_facts", help="It opens a dialog of its own.")
    keep_existing = fields.Boolean(
        string="Do Not Update Existing",
        help="Products that are in Odoo already are left alone; only new ones are brought.",
    )
    include_draft = fields.Boolean(
        string="Include Draft Products", help="Drafts that Odoo does not have yet are brought, too."
    )
    include_archived = fields.Boolean(
        string="Include Archived Products", help="Archived products that Odoo does not have yet are brought, too."
    )
    only_missing = fields.Boolean(
        string="Only Missing Pictures", default=True, help="Off: all pictures of linked products are read again."
    )
    warning = fields.Text(compute="_compute_warning")
    running_notice = fields.Text(compute="_compute_running_notice")
    date_from = fields.Datetime(
        string="From",
        compute="_compute_range",
        store=True,
        readonly=False,
        help="Changes from this time on. Empty: from the store's import-after date.",
    )
    everything = fields.Boolean(
        string="All Customers", help="Whenever they were changed. Those that Odoo has as they are make no work."
    )
    date_to = fields.Datetime(string="To", help="Changes up to this time, the end included. Empty: now.")
    day_from = fields.Date(
        string="Orders from", help="First day counted, in the store's time zone; a day is that of the order's creation."
    )
    day_to = fields.Date(string="Orders to", help="Last day counted, in the store's time zone. Empty: today.")
    basis = fields.Selection(
        [("updated", "Changed at Shopify"), ("created", "Created at Shopify")], required=True, default="updated"
    )
    tokens = fields.Text(
        string="Records",
        help="Orders: names (#1001), ids or admin links; customers: e-mail addresses, ids or admin links; products: ids, "
        "links or handles. Separated by commas, spaces or lines.",
    )
    missing_scopes = fields.Char(compute="_compute_warning")
    last_run = fields.Datetime(compute="_compute_runs")
    next_run = fields.Datetime(compute="_compute_runs")
    run_id = fields.Many2one("shopify.run", readonly=True)
    run_state = fields.Selection(related="run_id.state")
    result = fields.Text(readonly=True)
    queue_ids = fields.Many2many("shopify.queue", compute="_compute_queue_ids")
    schedules_on = fields.Boolean(related="instance_id.schedules_on")

    @api.depends("instance_id")
    def _compute_offered(self):
        keys = [key for key, operation in OPERATIONS.items() if operation.in_wizard]
        for wizard in self:
            store = wizard.instance_id
            wizard.offered = [key for key in keys if (store._offers(key) if store else not OPERATIONS[key].by_rule)]

    @api.depends("operation")
    def _compute_facts(self):
        for wizard in self:
            operation = OPERATIONS.get(wizard.operation)
            wizard.note = self.env._(operation.note) if operation else False
            wizard.reads_range = operation.reads_range if operation else False
            wizard.counts_days = operation.counts_days if operation else False
            wizard.by_tokens = operation.by_tokens if operation else False
            wizard.imports_orders = bool(operation) and operation.handler == "shopify.handler.order"
            wizard.imports_customers = bool(operation) and operation.kind == "customer"
            wizard.imports_products = wizard.operation == "product"
            wizard.brings_products = bool(operation) and operation.kind == "product"
            wizard.has_dialog = bool(operation and operation.opens)

    @api.depends("instance_id", "operation")
    def _compute_range(self):
        for wizard in self:
            wizard.date_from = False
            if wizard.instance_id and wizard.reads_range:
                feed = wizard.instance_id.feed_ids.filtered(lambda one, key=wizard.operation: one.operation == key)
                first = wizard.instance_id.import_order_after if wizard.imports_orders else False
                wizard.date_from = feed.last_date - OVERLAP if feed.last_date else first
                if (
                    feed.last_date and wizard.operation == "payout"
                ):  # as the schedule: a payout is issued ahead of its day
                    wizard.date_from = self.env["shopify.handler.payout"]._default_from(
                        wizard.instance_id, feed.last_date
                    )

    @api.depends("instance_id", "operation", "date_from", "date_to", "basis", "tokens")
    def _compute_count_text(self):
        self.count_text = False  # it was counted for other input

    @api.depends("instance_id", "operation", "date_from")
    def _compute_warning(self):
        for wizard in self:
            parts = []
            instance = wizard.instance_id
            granted = self.env["shopify.scope"]._granted(instance)
            after = instance.import_order_after
            if wizard.imports_orders and wizard.reads_range and after and wizard.date_from and wizard.date_from < after:
                parts.append(self.env._("Orders created before %s are not imported (see the store's settings).", after))
            old = fields.Datetime.subtract(fields.Datetime.now(), days=60)
            by_date = wizard.imports_orders and wizard.reads_range and wizard.date_from
            if by_date and wizard.date_from < old and "read_all_orders" not in granted:
                parts.append(
                    self.env._("Without the permission read_all_orders Shopify hides orders older than 60 days.")
                )
            wizard.warning = "\n".join(parts) or False
            operation = OPERATIONS.get(wizard.operation)
            function = FUNCTIONS.get(operation.handler) if operation else None
            lacking = instance.scope_ids.filtered(lambda row, key=function: row.function == key and not row.works)
            wizard.missing_scopes = lacking.missing or False

    @api.depends("instance_id", "operation")
    def _compute_running_notice(self):
        runs = self.env["shopify.run"]
        for wizard in self:
            running = runs._running(wizard.instance_id, wizard.operation) if wizard.instance_id else runs
            wizard.running_notice = (
                self.env._(
                    "This operation is running (records read so far: %(count)s). Yours can run after it, with the options "
                    "you choose here.",
                    count=running.record_count,
                )
                if running
                else False
            )

    @api.depends("instance_id", "operation")
    def _compute_runs(self):
        for wizard in self:
            last = self.env["shopify.run"].search(
                [
                    ("instance_id", "=", wizard.instance_id.id),
                    ("operation", "=", wizard.operation),
                    ("state", "=", "done"),
                ],
                limit=1,
            )
            wizard.last_run = last.finished_at
            cron = wizard.instance_id._schedule(wizard.operation) if wizard.instance_id else self.env["ir.cron"]
            wizard.next_run = cron.nextcall if cron.active else False

    @api.depends("run_id")
    def _compute_queue_ids(self):
        for wizard in self:
            wizard.queue_ids = wizard.run_id.queue_ids

    def action_execute(self):
        """Read the records into queues; specific orders are processed at once."""
        self.ensure_one()
        if self.has_dialog:
            action = self.env["ir.actions.act_window"]._for_xml_id(OPERATIONS[self.operation].opens)
            return {**action, "context": {"default_instance_id": self.instance_id.id, "dialog_size": "extra-large"}}
        options = self._prepare_options()
        instance = self.instance_id
        operation = self.operation
        if self.running_notice:
            return self._reopen()  # it says so, and offers to run after it
        source = "by_id" if self.by_tokens else "manual"
        seconds = None if self.by_tokens else FIRST_SECONDS
        run = self.env["shopify.run.starter"]._start(instance, operation, options, source, seconds)
        text = self._result_text(run)
        if self.by_tokens and run.queue_ids:
            result = self.env["shopify.runner"]._process_now(instance, run.queue_ids.line_ids.ids)
            self.env.invalidate_all()
            text += "\n" + self.env._(
                "%(done)s done, %(failed)s failed, %(skipped)s skipped.",
                done=result["done"],
                failed=result["failed"],
                skipped=result["skipped"],
            )
        else:
            instance._trigger_processing()
        self.write({"run_id": run.id, "result": text})
        return self._reopen()

    def action_run_after(self):
        """Run it when the one that is running has ended; nobody has to wait for it."""
        self.ensure_one()
        options = self._prepare_options()
        source = "by_id" if self.by_tokens else "manual"
        run = self.env["shopify.run.starter"]._start_after(self.instance_id, self.operation, options, source)
        text = (
            self.env._("It starts by itself when the other one is done. You get a message when it has ended.")
            if run.state == "waiting"
            else self.env._("It starts now.")
        )
        self.write({"run_id": run.id, "result": text})
        return self._reopen()

    def action_cancel_running(self):
        """Stop the run that stands in the way."""
        self.ensure_one()
        self.env["shopify.run"]._running(self.instance_id, self.operation).action_cancel()
        return self._reopen()

    def action_cancel_run(self):
        """Stop this run; what is stored stays and is processed."""
        self.ensure_one()
        self.run_id.action_cancel()
        self.result = self.env._(
            "Stopped. What was read until now is in the queues, and the next run goes on from there."
        )
        return self._reopen()

    def read_progress(self):
        return self.run_id.read_progress() if self.run_id else {}

    def _reopen(self):
        self.ensure_one()
        return self._get_records_action(name=self.env._(OPERATIONS[self.operation].label), target="new")

    def action_preview(self):
        """Show what the import would create, match, leave out and refuse, without writing anything."""
        self.ensure_one()
        instance, operation, options = self.instance_id, self.operation, self._prepare_options()
        try:
            rows, more = self.env["shopify.preview"]._preview(instance, operation, options)
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        effects = dict(self.env["shopify.preview.line"]._fields["effect"]._description_selection(self.env))
        counts = {key: sum(row["effect"] == key for row in rows) for key in effects}
        summary = ", ".join(f"{effects[key]}: {count}" for key, count in counts.items() if count)
        rows.sort(key=lambda row: list(effects).index(row["effect"]))
        if more:
            summary += " " + self.env._("(only the first orders: %s)", len(rows))
        result = self.env["shopify.preview.result"].create(
            {
                "instance_id": instance.id,
                "wizard_id": self.id,
                "operation": self.env._(OPERATIONS[operation].label),
                "summary": summary or self.env._("No order fits."),
                "line_ids": [Command.create(row) for row in rows],
            }
        )
        return result._get_records_action(
            name=self.env._(
                "Preview of %(store)s: %(what)s", store=instance.name, what=self.env._(OPERATIONS[operation].label)
            ),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    def action_count(self):
        """Say how many products the import would look at; Shopify's silence is said, too, and stops nothing."""
        self.ensure_one()
        options = self._prepare_options()
        if self.by_tokens:
            count = len(shopify_api.parse_product_tokens(options["tokens"]))
            self.count_text = (
                self.env._("One product is named.") if count == 1 else self.env._("%s products are named.", count)
            )
            return self._reopen()
        try:
            count, exact = self.env["shopify.handler.product"]._count(self.instance_id._for_jobs(), options)
        except shopify_api.ShopifyError as error:
            why = spoken(self.env, error.words)
            self.count_text = self.env._("Shopify does not say how many products: %s", why)
            return self._reopen()
        if not exact:
            text = self.env._("More than %s products of Shopify fit.", count)
        elif count == 1:
            text = self.env._("One product of Shopify fits.")
        else:
            text = (
                self.env._("%s products of Shopify fit.", count) if count else self.env._("No product of Shopify fits.")
            )
        if count:
            text += " " + self.env._(
                "Those that Odoo has as they are, and drafts and archived products that nobody asked for, make no work."
            )
        self.count_text = text
        return self._reopen()

    def _named_records(self):
        """(what reads the names, what to say when there are none)."""
        if self.imports_customers:
            return (
                shopify_api.parse_customer_tokens,
                self.env._("Enter at least one e-mail address, id or link."),
            )
        if self.imports_orders:
            return shopify_api.parse_order_tokens, self.env._("Enter at least one order name, id or link.")
        return shopify_api.parse_product_tokens, self.env._("Enter at least one id, link or handle.")

    def _prepare_options(self):
        """Check the input; times as UTC text.

        :raises UserError: the input cannot be used, and why
        """
        if self.by_tokens:
            parse, wanted = self._named_records()
            if not parse(self.tokens or ""):
                raise UserError(wanted)
            return {"tokens": self.tokens}
        if self.operation == "product_image":
            return {"only_missing": self.only_missing}
        if self.counts_days:
            if self.day_from and self.day_to and self.day_from > self.day_to:
                raise UserError(self.env._("'Orders from' is later than 'Orders to'."))
            days = {"day_from": self.day_from, "day_to": self.day_to}
            return {name: fields.Date.to_string(day) for name, day in days.items() if day}
        if not self.reads_range:
            return {}
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("'From' is later than 'To'."))
        if self.imports_customers and self.everything:
            return {"from": None, "to": None, "basis": self.basis}
        start = self.date_from or (None if self.imports_products else self.instance_id.import_order_after)
        options = {
            "from": fields.Datetime.to_string(start) if start else None,
            "to": fields.Datetime.to_string(self.date_to) if self.date_to else None,
            "basis": self.basis,
        }
        if self.imports_products:
            options.update({name: self[name] for name in ("keep_existing", "include_draft", "include_archived")})
        return options

    def _result_text(self, run):
        """How the run ended, in words."""
        counts = self.env._(
            "Records read from Shopify: %(read)s. Put into queues: %(queued)s (queues: %(queues)s). The others are in Odoo "
            "already or not wanted.",
            read=run.record_count,
            queued=run.queued_count,
            queues=len(run.queue_ids),
        )
        if OPERATIONS[run.operation].counts_days and (run.options or {}).get("since"):
            counts = self.env._(
                "Orders counted: %(read)s, differences found: %(differ)s. Each day is under Processes > Completeness.",
                read=run.record_count,
                differ=run.queued_count,
            )
        elif run.operation == "payout":
            counts = self.env._(
                "Payouts, transactions and disputes read: %(read)s, new: %(new)s. They are under Sales > Payout Reports.",
                read=run.record_count,
                new=run.queued_count,
            )
        elif run.operation in ("product_image", "collection", "metafield", "location"):
            counts = self.env._(
                "Records looked at: %(read)s, brought: %(done)s.", read=run.record_count, done=run.queued_count
            )
        elif not OPERATIONS[run.operation].kind:
            counts = ""  # it fills no queue; its message says how it went
        if run.state == "failed":
            return self.env._("Failed: %s", run.message)
        if run.state == "running":
            return (
                counts + "\n" + self.env._("It goes on by itself: %s", run.message or self.env._("in the background."))
            )
        return "\n".join(filter(None, (counts, run.message)))

    def action_view_queues(self):
        return self.run_id.action_view_queues()

    def action_view_payouts(self):
        return self.instance_id.action_view_payouts()

    def action_view_checks(self):
        return self.instance_id.action_view_checks()

    def action_view_proofs(self):
        return self.instance_id.action_view_proofs()

    def action_view_logs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_log_line_action")
        return {**action, "domain": [("instance_id", "=", self.instance_id.id)]}
