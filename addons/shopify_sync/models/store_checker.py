"""The checks of a store: sign-in, permissions, what its orders, money and taxes need. Each one in grouped queries."""

from odoo import api, fields, models
from odoo.tools import float_compare

from ..mapping.money import digits, unit
from ..shopify_api import is_loopback, webhooks
from .shopify_check import NAMES
from .spoken import spoken

ERROR, WARNING, INFO = "1_error", "2_warning", "3_info"
#: Functions without which orders do not come in or goods and stock do not go out: their lack stops work.
VITAL = {"orders", "customers", "locations", "fulfilments", "stock_out", "products"}
#: Fixes of log lines that are a missing piece of configuration; each one is a finding.
MAPPINGS = ("financial_status", "gateway", "tax_mapping", "workflow", "product")
LIABILITIES = ("liability_current", "liability_non_current", "liability_payable")


class ShopifyStoreChecker(models.AbstractModel):
    """Finds what is to be mended in a store. A module that has more to check extends `_checks`."""

    _name = "shopify.store.checker"
    _description = "Shopify Store Checker"

    @api.model
    def _checks(self):
        """Names of the methods; each one returns findings of a store."""
        return [
            "_check_connection",
            "_check_permissions",
            "_check_gateways",
            "_check_waiting",
            "_check_workflows",
            "_check_gift_cards",
            "_check_taxes",
            "_check_currency",
            "_check_webhooks",
            "_check_schedules",
            "_check_settings",
            "_check_skus",
            "_check_links",
            "_check_archived",
            "_check_locations",
            "_check_completeness",
            "_check_stock",
        ]

    @api.model
    def _findings(self, instance):
        """All findings of a store, as values of `shopify.check`."""
        # only read, and only of this store and its company: a job's user may lack rights on journals or products
        checker = self.sudo().with_company(instance.company_id)
        store = instance.sudo()
        return [finding for name in self._checks() for finding in getattr(checker, name)(store)]

    @api.model
    def _finding(self, code, severity, name, detail, count=1, fix=None, fix_label=None):
        return {
            "code": code,
            "severity": severity,
            "name": name,
            "detail": detail,
            "count": count,
            "fix": fix or {"settings": True},
            "fix_label": fix_label or self.env._("Open the settings"),
        }

    @api.model
    def _names(self, names):
        """The first names, and how many more there are."""
        names = list(names)
        text = ", ".join(str(name) for name in names[:NAMES])
        return self.env._("%(names)s and %(more)s more", names=text, more=len(names) - NAMES) if names[NAMES:] else text

    # Sign-in and permissions

    @api.model
    def _check_connection(self, store):
        if store.state != "problem":
            return
        yield self._finding(
            "connection",
            ERROR,
            self.env._("The sign-in at Shopify does not work."),
            store.problem or self.env._("Use Reset Credentials, then Check Connection."),
            fix={"action": "shopify_sync.shopify_credentials_action", "context": {"default_instance_id": store.id}},
            fix_label=self.env._("Reset credentials"),
        )

    @api.model
    def _check_permissions(self, store):
        for scope in store.scope_ids.filtered(lambda row: not row.works):
            yield self._finding(
                "permission",
                ERROR if scope.function in VITAL else INFO,
                self.env._(
                    "'%(function)s' lacks the permission %(missing)s.", function=scope.name, missing=scope.missing
                ),
                self.env._(
                    "Add it to the app's version in Shopify's Dev Dashboard, release the version, update the app on the "
                    "store, then use Check Connection. Leave it out when you do not use this function."
                ),
                fix_label=self.env._("Show all permissions"),
            )

    # Money

    @api.model
    def _check_gateways(self, store):
        gateways = self.env["shopify.payment.gateway"]
        for gateway in gateways.search([("instance_id", "=", store.id), ("mapped", "=", False)]):
            yield self._finding(
                "gateway",
                ERROR,
                self.env._("The gateway %s has no workflow.", gateway.name),
                self.env._("Orders paid with it wait until a Financial Status line, or a default workflow, is chosen."),
                fix={
                    "action": "shopify_sync.shopify_financial_status_action",
                    "domain": [("gateway_id", "=", gateway.id)],
                    "context": {"default_instance_id": store.id, "default_gateway_id": gateway.id},
                },
                fix_label=self.env._("Map this gateway"),
            )
        flagged = gateways.search([("instance_id", "=", store.id)]).filtered("code_warning")
        if flagged:
            yield self._finding(
                "gateway_code",
                WARNING,
                self.env._("Codes of gateways look mistyped: %s", self._names(flagged.mapped("code"))),
                self.env._("Shopify compares every letter and space; an order of the other spelling waits."),
                len(flagged),
                {"action": "shopify_sync.shopify_payment_gateway_action", "domain": [("id", "in", flagged.ids)]},
                self.env._("Look at the gateways"),
            )

    @api.model
    def _check_waiting(self, store):
        """Missing pieces of configuration that records wait for now: each one once, with how many wait."""
        logs = self.env["shopify.log.line"].search_fetch(
            [
                ("instance_id", "=", store.id),
                ("resolved", "=", False),
                ("severity", "=", "error"),
                ("fix_action", "in", MAPPINGS),
                ("queue_line_id.state", "=", "failed"),
            ],
            ["fix_action", "fix_context", "message"],
            limit=1000,
        )
        titles = dict(logs._fields["fix_action"]._description_selection(self.env))
        for same in logs.grouped(lambda log: (log.fix_action, str(sorted((log.fix_context or {}).items())))).values():
            first = same[:1]
            yield self._finding(
                f"waiting_{first.fix_action}",
                ERROR,
                first.message.split("\n")[0],
                self.env._("Records that wait for it are tried again when it is mended: %s", len(same)),
                len(same),
                {"log": first.id},
                titles[first.fix_action],
            )

    @api.model
    def _check_workflows(self, store):
        lines = self.env["shopify.financial.status"].search([("instance_id", "=", store.id)])
        workflows = lines.workflow_id | store.gateway_ids.workflow_id
        if not workflows:
            yield self._finding(
                "no_mapping",
                ERROR,
                self.env._("No combination of gateway and financial status has a workflow."),
                self.env._("Use Find Combinations: it fills in what recent orders used."),
                fix={
                    "action": "shopify_sync.shopify_financial_status_action",
                    "domain": [("instance_id", "=", store.id)],
                },
                fix_label=self.env._("Open Financial Status"),
            )
        for workflow in workflows:
            if missing := workflow._missing():
                yield self._finding(
                    "workflow",
                    ERROR,
                    self.env._("The workflow %(name)s lacks %(what)s.", name=workflow.name, what=missing),
                    self.env._("Its orders stop at that step."),
                    fix={"model": "shopify.sale.workflow", "res_id": workflow.id},
                    fix_label=self.env._("Complete the workflow"),
                )
        methods = workflows.filtered("register_payment").payment_method_line_id
        for method in methods.filtered(lambda line: not line.payment_account_id):
            journal = method.journal_id
            yield self._finding(
                "outstanding_account",
                WARNING,
                self.env._(
                    "The method %(method)s of the journal %(journal)s has no outstanding account.",
                    method=method.name,
                    journal=journal.name,
                ),
                self.env._(
                    "Payments then use the company's account, or none at all, and are hard to match with the payout. "
                    "Choose one on the journal under Incoming Payments."
                ),
                fix={"model": "account.journal", "res_id": journal.id},
                fix_label=self.env._("Open the journal"),
            )

    @api.model
    def _check_gift_cards(self, store):
        account, product = store.gift_card_account_id, store.product_gift_card_id
        if account.account_type in LIABILITIES:
            return
        yield self._finding(
            "gift_card",
            WARNING,
            self.env._("The gift card product is posted to %s, which is no liability.", account.display_name)
            if account
            else self.env._("The gift card product has no income account."),
            self.env._("A sold gift card is owed to the customer until it is redeemed: give it a liability account."),
            fix={"model": "product.template", "res_id": product.product_tmpl_id.id},
            fix_label=self.env._("Open the product"),
        )

    @api.model
    def _check_taxes(self, store):
        open_taxes = store.tax_mapping_ids.filtered(lambda row: not row.tax_id)
        for mapping in open_taxes:
            yield self._finding(
                "tax",
                WARNING if store.tax_create else ERROR,
                self.env._(
                    "The tax %(name)s %(rate)s %% is not mapped.", name=mapping.name, rate=f"{mapping.rate * 100:g}"
                ),
                self.env._("Choose the Odoo tax that stands for it."),
                fix={"model": "shopify.tax.mapping", "res_id": mapping.id},
                fix_label=self.env._("Map this tax"),
            )
        archived = store.tax_mapping_ids.filtered(lambda row: row.tax_id and not row.tax_id.active)
        if archived:
            yield self._finding(
                "tax_archived",
                WARNING,
                self.env._("Taxes are mapped to archived taxes of Odoo: %s", self._names(archived.mapped("name"))),
                self.env._("Invoices go on using them. Choose another tax, or activate them."),
                len(archived),
                {"action": "shopify_sync.shopify_tax_mapping_action", "domain": [("id", "in", archived.ids)]},
                self.env._("Open the mapping"),
            )

    @api.model
    def _check_currency(self, store):
        currency, own = store.shop_currency_id, store.company_id.currency_id
        if not currency:
            return
        fix = {"model": "res.currency", "res_id": currency.id}
        if not currency.active:
            yield self._finding(
                "currency_inactive",
                ERROR,
                self.env._("The store's currency %s is not active in Odoo.", currency.name),
                self.env._("Activate it, and give it a rate when your company has another currency."),
                fix=fix,
                fix_label=self.env._("Open the currency"),
            )
        elif currency != own and not self.env["res.currency.rate"].search_count(
            [("currency_id", "=", currency.id), ("company_id", "in", (False, store.company_id.root_id.id))], limit=1
        ):
            yield self._finding(
                "currency_rate",
                ERROR,
                self.env._("%(one)s has no rate against %(own)s.", one=currency.name, own=own.name),
                self.env._("Invoices would be posted one to one. Enter a rate."),
                fix=fix,
                fix_label=self.env._("Open the currency"),
            )
        finest = float(unit(digits(currency.name)))
        if float_compare(currency.rounding, finest, precision_digits=4) > 0:
            yield self._finding(
                "currency_rounding",
                ERROR,
                self.env._("Odoo rounds %(currency)s to %(odoo)g, Shopify to %(shopify)g.", currency=currency.name,
                           odoo=currency.rounding, shopify=finest),
                self.env._(
                    "Orders and payments with finer amounts do not come to Shopify's totals. Set the currency's rounding "
                    "factor as Shopify has it; what is paid in cash is rounded with a cash rounding method of its own."
                ),
                fix=fix,
                fix_label=self.env._("Open the currency"),
            )  # fmt: skip

    # What makes the store move

    @api.model
    def _check_webhooks(self, store):
        if store.webhook_on:
            problem = webhooks.address_problem(store._webhook_address(), is_loopback(store.shop_domain))
            if problem:
                yield self._finding(
                    "webhook_address",
                    ERROR,
                    self.env._("Shopify cannot reach this Odoo: %s", spoken(self.env, problem)),
                    self.env._("Enter Odoo's public https address as Public Address, then use Self-test on the store."),
                )
            broken = store.webhook_ids.filtered(lambda row: row.state in ("missing", "wrong"))
            if broken:
                yield self._finding(
                    "webhook_missing",
                    WARNING,
                    self.env._("Subscriptions are missing or lead elsewhere: %s", self._names(broken.mapped("name"))),
                    self.env._("Check on the tab Webhooks brings them back; each line says why it is missing."),
                    len(broken),
                    {"model": "shopify.instance", "res_id": store.id},
                    self.env._("Open the store"),
                )
        elif store.state == "connected":
            yield self._finding(
                "webhook_off",
                INFO,
                self.env._("Webhooks are off: orders come by schedule only."),
                self.env._("Switch order webhooks on to have orders within seconds."),
            )

    @api.model
    def _check_schedules(self, store):
        fix = {"action": "shopify_sync.shopify_schedules_action", "context": {"default_instance_id": store.id}}
        label = self.env._("Configure schedules")
        jobs = store.cron_ids
        if store.active and not any(jobs.mapped("active")):
            yield self._finding(
                "schedules_off",
                WARNING,
                self.env._("All schedules are off: nothing comes by itself."),
                self.env._("Switch them on when the payments are mapped."),
                fix=fix,
                fix_label=label,
            )
        failing = jobs.filtered(lambda job: job.active and job.failure_count)
        late = jobs.filtered(
            lambda job: job.active and job.nextcall < fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        )
        for code, found, text in (
            ("schedules_failing", failing, self.env._("Scheduled jobs fail: %s", self._names(failing.mapped("name")))),
            ("schedules_late", late, self.env._("Scheduled jobs are late: %s", self._names(late.mapped("name")))),
        ):
            if found:
                yield self._finding(
                    code,
                    ERROR,
                    text,
                    self.env._("Look at Odoo's log; a late job means that no scheduler runs or all are busy."),
                    len(found),
                    fix,
                    label,
                )

    @api.model
    def _check_settings(self, store):
        # that the schedules are off is a finding of its own
        for warning in store._settings_warnings(schedules=False):
            yield self._finding("settings", INFO, warning, self.env._("It works as it is; look at it again."))
