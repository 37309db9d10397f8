"""Webhooks of a store: switch, address, secrets, self-test."""

import json
import secrets
import time
import uuid
from datetime import timedelta
from urllib.parse import quote

import requests
from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..shopify_api import webhooks
from .spoken import spoken

#: Switches of the store, and the group of topics that each asks for.
SWITCHES = {"webhook_order": "orders", "webhook_product": "products", "webhook_customer": "customers"}
#: Shopify waits so long for an answer (seconds).
ANSWER_SECONDS = 5
#: After archiving, subscriptions are tried to be removed for so long.
REMOVE_FOR = timedelta(days=1)


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    webhook_order = fields.Boolean(
        string="Order Webhooks",
        copy=False,
        tracking=True,
        help="On: Shopify tells Odoo at once when an order is placed or changes. Imports by schedule go on beside it and "
        "find what a lost delivery missed. Odoo needs a public https address for it.",
    )
    webhook_product = fields.Boolean(
        string="Product Webhooks",
        copy=False,
        tracking=True,
        help="On: Shopify tells Odoo at once when a product is created, changed or deleted. With every sale, too; what has "
        "not changed ends at once.",
    )
    webhook_customer = fields.Boolean(
        string="Customer Webhooks",
        copy=False,
        tracking=True,
        help="On: Shopify tells Odoo at once that a customer was created, changed, deleted or merged with another one.",
    )
    webhook_on = fields.Boolean(compute="_compute_webhook_on", string="Webhooks On")
    webhook_base_url = fields.Char(
        string="Public Address",
        help="The https address under which Shopify reaches this Odoo, for example https://odoo.example.com. Empty: Odoo's "
        "own web address (system parameter web.base.url).",
    )
    webhook_token = fields.Char(copy=False, readonly=True, groups="shopify_sync.group_manager")
    webhook_secret = fields.Char(string="Signing Secret", copy=False, groups="shopify_sync.group_manager")
    webhook_secret_former = fields.Char(copy=False, readonly=True, groups="shopify_sync.group_manager")
    webhook_secret_changed_at = fields.Datetime(copy=False, readonly=True, groups="shopify_sync.group_manager")
    webhook_remove_until = fields.Datetime(copy=False, readonly=True)
    webhook_address = fields.Char(compute="_compute_webhook_address", groups="shopify_sync.group_manager")
    webhook_ids = fields.One2many("shopify.webhook", "instance_id", string="Webhooks", copy=False)
    webhook_count = fields.Integer(string="Active Webhooks", compute="_compute_webhook_count")

    _webhook_token_unique = models.UniqueIndex("(webhook_token)", "Each store has a webhook address of its own.")

    @api.depends(*SWITCHES)
    def _compute_webhook_on(self):
        for instance in self:
            instance.webhook_on = any(instance[switch] for switch in SWITCHES)

    @api.depends("webhook_base_url", "webhook_token")
    def _compute_webhook_address(self):
        for instance in self:
            instance.webhook_address = instance._webhook_address()

    def _compute_webhook_count(self):
        groups = self.env["shopify.webhook"]._read_group(
            [("instance_id", "in", self.ids), ("state", "=", "active")], ["instance_id"], ["__count"]
        )
        counts = dict(groups)
        for instance in self:
            instance.webhook_count = counts.get(instance, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("webhook_token", secrets.token_urlsafe(24))
        instances = super().create(vals_list)
        instances.filtered("webhook_on")._refuse_unusable_address()
        return instances

    def write(self, vals):
        switches = vals.keys() & SWITCHES.keys()
        switched = self.filtered(lambda store: any(store[switch] != vals[switch] for switch in switches))
        archived = self.filtered(lambda store: "active" in vals and store.active and not vals["active"])
        revived = self.filtered(lambda store: vals.get("active") and not store.active)
        signed = vals.keys() & {"client_secret", "webhook_secret"}
        # the former secret is kept by whoever may enter the new one
        former = {store.id: store.sudo()._signing_secret() for store in self} if signed else {}
        result = super().write(vals)
        for store in self.sudo() if signed else ():
            if former[store.id] and former[store.id] != store._signing_secret():
                super(ShopifyInstance, store).write(
                    {"webhook_secret_former": former[store.id], "webhook_secret_changed_at": fields.Datetime.now()}
                )
        if vals.keys() & {*SWITCHES, "webhook_base_url"}:
            self.filtered("webhook_on")._refuse_unusable_address()
        moved = self.filtered("webhook_on") if "webhook_base_url" in vals else self.browse()
        if archived:
            super(ShopifyInstance, archived).write({"webhook_remove_until": fields.Datetime.now() + REMOVE_FOR})
        (switched + archived + revived + moved)._check_webhooks_soon()
        return result

    # Address and secret

    def _webhook_topics(self):
        """Names of the topics that the store's switches ask for; none for an archived store."""
        self.ensure_one()
        groups = {group for switch, group in SWITCHES.items() if self[switch]} if self.active else set()
        groups |= {"always"} if groups else set()
        return [name for name, topic in webhooks.TOPICS.items() if topic.group in groups]

    def _webhook_address(self):
        """Where Shopify delivers: it names the database, so that it works on servers with several of them."""
        self.ensure_one()
        base = self.webhook_base_url or self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        return f"{base.strip().rstrip('/')}/shopify/webhook/{quote(self.env.cr.dbname)}/{self._token_of_webhooks()}"

    def _token_of_webhooks(self):
        """The random part of the address, made when a store from an older version has none."""
        self.ensure_one()
        # the token is the addon's; no user enters it
        store = self.sudo()
        if not store.webhook_token:
            store.webhook_token = secrets.token_urlsafe(24)
        return store.webhook_token

    def _signing_secret(self):
        """What Shopify signs with: the secret of the app."""
        self.ensure_one()
        return self.webhook_secret or self.client_secret

    def _refuse_unusable_address(self):
        for store in self:
            if not store.sudo()._signing_secret():
                raise UserError(
                    self.env._(
                        "%s has no signing secret, so that a delivery could not be told from a forgery. Enter the app's "
                        "secret with Reset Credentials.",
                        store.name,
                    )
                )
            problem = webhooks.address_problem(store._webhook_address(), shopify_api.is_loopback(store.shop_domain))
            if problem:
                raise UserError(
                    self.env._(
                        "Webhooks cannot be switched on: %s Enter Odoo's public https address as Public Address of the "
                        "store, or as system parameter web.base.url.",
                        spoken(self.env, problem),
                    )
                )

    # Keeping in step

    def _check_webhooks_soon(self):
        """Bring the subscriptions at Shopify into step in the background."""
        if self:
            # the wake-up is the addon's, whoever changed the store
            self.env.ref("shopify_sync.cron_check_webhooks").sudo()._trigger()

    def action_check_webhooks(self):
        """Check now, and say how it went."""
        self.ensure_one()
        run = self.env["shopify.run.starter"]._start(self, "webhook_check")
        return self._tell(run.message, "success" if run.state == "done" else "danger")

    def action_switch_webhooks(self):
        """Switch the order webhooks on or off, at Shopify at once."""
        self.ensure_one()
        self.webhook_order = not self.webhook_order
        return self.action_check_webhooks()

    def action_switch_customer_webhooks(self):
        """Switch the customer webhooks on or off, at Shopify at once."""
        self.ensure_one()
        self.webhook_customer = not self.webhook_customer
        return self.action_check_webhooks()

    def action_switch_product_webhooks(self):
        """Switch the product webhooks on or off, at Shopify at once."""
        self.ensure_one()
        self.webhook_product = not self.webhook_product
        return self.action_check_webhooks()

    def action_recreate_webhooks(self):
        """Switch every topic on again and check."""
        self.ensure_one()
        self.webhook_ids.enabled = True
        return self.action_check_webhooks()

    def action_view_webhook_events(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_webhook_event_action")
        return {**action, "domain": [("instance_id", "in", self.ids)], "context": {}}

    @api.model
    def _cron_check_webhooks(self):
        """Check every store with webhooks; take the subscriptions of archived ones away."""
        stores = self.with_context(active_test=False).search([("state", "!=", "draft")])
        now = fields.Datetime.now()
        wanted = stores.filtered(
            lambda store: (
                (store.webhook_on or store.webhook_ids)
                if store.active
                else store.webhook_ids and store.webhook_remove_until and store.webhook_remove_until > now
            )
        )
        todo = [(store._for_jobs(), store.active) for store in wanted]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(todo))
        for store, active in todo:
            self.env["shopify.run.starter"]._run_scheduled(store, "webhook_check")
            if not active and store.webhook_ids:
                # Shopify did not answer: once more in an hour, for a day
                self.env.ref("shopify_sync.cron_check_webhooks").sudo()._trigger(now + timedelta(hours=1))
            if not crons._commit_progress(1):
                break

    # Self-test

    def action_test_webhook(self):
        """Send ourselves a signed delivery over the public address, as Shopify would, and say in words what came of it."""
        self.ensure_one()
        self.check_access("write")
        self._refuse_unusable_address()
        # the manager tests with a secret that he may enter
        store = self.sudo()
        address, reference = store._webhook_address(), f"self-test-{uuid.uuid4()}"
        body = json.dumps({"self_test": reference}).encode()
        headers = {
            "Content-Type": "application/json",
            webhooks.HEADER_TOPIC: "odoo/self_test",
            webhooks.HEADER_SHOP: store.shop_domain,
            webhooks.HEADER_ID: reference,
            webhooks.HEADER_TRIGGERED: fields.Datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            webhooks.HEADER_SIGNATURE: webhooks.sign(store._signing_secret(), body),
        }
        self.env.cr.commit()  # pylint: disable=invalid-commit  # nothing is held while the delivery is on its way
        started = time.monotonic()
        try:
            answer = requests.post(address, data=body, headers=headers, timeout=ANSWER_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            return self._tell(self._explain_failure(address, error), "danger")
        seconds = time.monotonic() - started
        with self.env.registry.cursor() as cr:
            stored = (
                self.with_env(self.env(cr=cr))
                .env["shopify.webhook.event"]
                .search_count([("instance_id", "=", self.id), ("delivery_ref", "=", reference)])
            )
        if answer.status_code == 200 and stored:
            return self._tell(
                self.env._(
                    "The delivery arrived over %(address)s, its signature was right, and it was stored in %(seconds)s "
                    "seconds.",
                    address=address,
                    seconds=f"{seconds:.2f}",
                ),
                "success",
            )
        return self._tell(self._explain_answer(address, answer), "danger")

    def _explain_failure(self, address, error):
        if isinstance(error, requests.exceptions.SSLError):
            return self.env._("The certificate of %s is not valid, so Shopify would not deliver.", address)
        if isinstance(error, requests.Timeout):
            return self.env._(
                "%(address)s did not answer within %(seconds)s seconds, which is as long as Shopify waits. Either Odoo is "
                "overloaded, or this server cannot reach itself under its public address; then test from outside.",
                address=address,
                seconds=ANSWER_SECONDS,
            )
        return self.env._(
            "%s could not be reached from this server: look at the address, the proxy and the firewall.", address
        )

    def _explain_answer(self, address, answer):
        status = answer.status_code
        if 300 <= status < 400:
            return self.env._(
                "%(address)s leads on to %(other)s. Shopify does not follow: enter the final address as Public Address.",
                address=address,
                other=answer.headers.get("Location", "?"),
            )
        known = {
            200: self.env._("Something else than this Odoo answers at %s: nothing was stored.", address),
            401: self.env._(
                "The delivery came changed: something on the way to %s alters its body or headers.", address
            ),
            404: self.env._(
                "Odoo does not know %s. On a server with several databases, shopify_sync must be among the "
                "server_wide_modules of Odoo's configuration.",
                address,
            ),
            405: self.env._("%s takes no deliveries: something else than this Odoo answers there.", address),
            410: self.env._("The store is archived."),
            413: self.env._("A proxy before Odoo refuses the size of the delivery."),
        }
        return known.get(status) or self.env._(
            "%(address)s answers with HTTP %(status)s.", address=address, status=status
        )

    def _tell(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "sticky": kind != "success",
                "message": message or "",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
