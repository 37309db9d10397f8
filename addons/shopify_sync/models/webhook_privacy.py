"""Shopify's privacy requests: a customer asks for his data, wants them erased, or a shop's data are to be erased.

They are configured in the app, not subscribed by API, and come to the same address as the webhooks. What they concern is
personal raw data from Shopify. Invoices, deliveries and the contacts on them are kept: books must be.
"""

import json

from odoo import api, models


class ShopifyWebhookPrivacy(models.AbstractModel):
    """What is told or erased for a privacy request."""

    _name = "shopify.webhook.privacy"
    _description = "Shopify Privacy Requests"

    @api.model
    def _answer(self, store, events):
        """Answer requests, each with what was done, in words."""
        answers = {
            "customers/data_request": self._tell_data_request,
            "customers/redact": self._redact_customer,
            "shop/redact": self._redact_shop,
        }
        for event in events:  # people ask one by one
            event._set_processed(answers[event.topic](store, event))

    @api.model
    def _read(self, event):
        """The request's body; {} when it is no JSON object."""
        try:
            found = json.loads(event.sudo().body or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @api.model
    def _tell_data_request(self, store, event):
        """Say which records hold data of the customer; a person sends them to the shop's owner."""
        links = self.env["shopify.customer"].search(
            [("instance_id", "=", store.id), ("shopify_id", "=", event.shopify_id)]
        )
        orders = self.env["sale.order"].search_count(
            [
                ("shopify_instance_id", "=", store.id),
                ("partner_id.commercial_partner_id", "in", links.partner_id.commercial_partner_id.ids),
            ]
        )
        text = self.env._(
            "Customer %(customer)s of the store asks for the data held about him; Shopify gives 30 days. Odoo holds "
            "%(contacts)s contacts and %(orders)s orders of him. Send them to the owner of the shop.",
            customer=event.shopify_id,
            contacts=len(links.partner_id),
            orders=orders,
        )
        self.env["shopify.log.line"]._log(
            store,
            [
                {
                    "process": self.env._("Privacy"),
                    "severity": "warning",
                    "cause": "data_request",
                    "message": text,
                    "record_key": f"customer:{event.shopify_id}",
                    "res_model": links.partner_id[:1]._name if links else False,
                    "res_id": links.partner_id[:1].id,
                }
            ],
        )
        return text

    @api.model
    def _redact_customer(self, store, event):
        """Remove the raw data of one customer; his links stay, without personal data."""
        orders = [str(ident) for ident in self._read(event).get("orders_to_redact") or [] if isinstance(ident, int)]
        customer = event.shopify_id
        if not customer:
            return self.env._("The request names no customer.")
        lines = self.env["shopify.queue.line"].sudo()
        mark = f'gid://shopify/Customer/{customer}"'
        found = lines.search(
            [("instance_id", "=", store.id), "|", ("shopify_id", "in", orders), ("payload", "like", mark)]
        )
        count = self._erase_lines(found)
        links = (
            self.env["shopify.customer"]
            .sudo()
            .with_context(active_test=False)
            .search([("instance_id", "=", store.id), ("shopify_id", "=", customer)])
        )
        links._erase()
        events = (
            self.env["shopify.webhook.event"]
            .sudo()
            .search(
                [
                    ("instance_id", "=", store.id),
                    "|",
                    ("shopify_id", "in", list({*orders, *found.mapped("shopify_id")})),
                    "&",
                    ("shopify_id", "=", customer),
                    ("topic", "=like", "customers/%"),
                ]
            )
        )
        (events | event.sudo()).write({"body": False})
        return self.env._(
            "The raw data of %(lines)s orders of customer %(customer)s were removed. Contacts, orders and invoices stay.",
            lines=count,
            customer=customer,
        )

    @api.model
    def _redact_shop(self, store, _event):
        """Remove all raw data of a store; its documents stay."""
        found = self.env["shopify.queue.line"].sudo().search([("instance_id", "=", store.id)])
        count = self._erase_lines(found)
        links = (
            self.env["shopify.customer"].sudo().with_context(active_test=False).search([("instance_id", "=", store.id)])
        )
        links._erase()
        self.env["shopify.webhook.event"].sudo().search([("instance_id", "=", store.id)]).write({"body": False})
        # the token of a store that is gone is of no use to anybody
        store.sudo().connection_ids.write({"token": False, "token_expires_at": False})
        return self.env._("The raw data of %s queue lines of the store were removed. Orders and invoices stay.", count)

    @api.model
    def _erase_lines(self, lines):
        """Take the raw data off lines. One that was not done yet cannot be any more; but a cancellation or a refund that
        is on its way to Shopify holds no data of the customer's, and goes on."""
        on_their_way = lines.filtered(lambda line: line.is_outgoing and line.state in ("draft", "failed"))
        on_their_way.customer = False
        lines -= on_their_way
        waiting = lines.filtered(lambda line: line.state in ("draft", "failed"))
        if waiting:
            waiting._set_cancelled(self.env._("Its data were erased at the request of Shopify."))
        lines.write({"payload": False, "customer": False, "email": False})
        return len(lines)
