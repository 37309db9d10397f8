"""Customer reference, note, and a guest's e-mail and phone: taken over while Odoo still holds what Shopify said last."""

from odoo import api, fields, models
from odoo.tools import html2plaintext, plaintext2html

from ..mapping import email_key, phone_key
from .resolve_customer import QUIET


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_details = fields.Json(
        readonly=True,
        copy=False,
        help="Customer details as Shopify said them when Odoo took them over last: {po_number, note, email, phone}. "
        "Another value in Odoo was written by a person.",
    )


class ShopifyOrderDetails(models.AbstractModel):
    """Compares the customer details of an order with Shopify's; what a person wrote in Odoo is left and shown."""

    _name = "shopify.order.details"
    _description = "Shopify Order Customer Details"

    @api.model
    def _said(self, instance, order):
        """{name: what Shopify says}. The contact of a customer with an account, or of a company, follows the customer;
        e-mail and phone of an order are a guest's."""
        said = {"po_number": order.po_number}
        if not instance.use_odoo_terms:
            said["note"] = self.env["shopify.order.writer"]._note_text(order)
        if not order.buyer.shopify_id and not order.company and not order.is_pos:
            said |= {"email": order.buyer.email, "phone": order.buyer.phone}
        return said

    @api.model
    def _held(self, sale_order):
        """{name: what Odoo holds}."""
        contact = sale_order.partner_id
        return {
            "po_number": sale_order.client_order_ref or "",
            "note": html2plaintext(sale_order.note or "").strip(),
            "email": contact.email or "",
            "phone": contact.phone or "",
        }

    @api.model
    def _key(self, name, value):
        """A value as it is compared: spaces, letter case of addresses and signs of phone numbers do not count."""
        if name == "email":
            return email_key(value)
        if name == "phone":
            return phone_key(value)
        if name == "note":
            value = html2plaintext(plaintext2html(value)) if value else ""
        return " ".join(value.split())

    @api.model
    def _differences(self, instance, sale_order, order):
        """What Shopify has changed since Odoo took it over, where Odoo holds another value.

        :return: ({name: value to take over}, [names to show], {name: value to keep as said})
        """
        said, held, before = self._said(instance, order), self._held(sale_order), sale_order.shopify_details or {}
        may = instance.sync_details and not sale_order.locked
        # a contact that many share (anonymous, default) has neither; it is never given the address of one order
        reachable = before.get("email") or before.get("phone")
        taken, shown, kept = {}, [], dict(before)
        for name, value in said.items():
            key, here = self._key(name, value), self._key(name, held[name])
            known = name in before
            last = self._key(name, before[name]) if known else ""
            if name in ("email", "phone") and not reachable:
                continue
            if key == here or (known and key == last) or (not known and here):
                kept[name] = value
            elif may and here == last:
                taken[name] = kept[name] = value
            elif known:
                shown.append(name)
        return taken, shown, kept

    @api.model
    def _bring(self, instance, sale_order, order):
        """Take over what may be taken over. Twice changes nothing.

        :return: rows for the table of differences
        """
        if sale_order.state == "cancel":
            return []
        taken, shown, kept = self._differences(instance, sale_order, order)
        self._write(sale_order, order, taken, kept)
        said, held = self._said(instance, order), self._held(sale_order)
        labels = self._labels()
        return [
            {
                "key": f"details/{name}",
                "title": labels[name],
                "odoo": held[name] or "-",
                "shopify": said[name] or "-",
                "text": True,
            }
            for name in shown
        ]

    @api.model
    def _labels(self):
        return {
            "po_number": self.env._("Customer reference"),
            "note": self.env._("Note"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
        }

    @api.model
    def _apply(self, instance, sale_order, order, keys=None):
        """A person takes over what was shown.

        :param keys: of the rows wanted, as `_bring` gives them; None: all
        """
        taken, shown, kept = self._differences(instance, sale_order, order)
        said = self._said(instance, order)
        more = {name: said[name] for name in shown if keys is None or f"details/{name}" in keys}
        self._write(sale_order, order, {**taken, **more}, {**kept, **more})

    @api.model
    def _write(self, sale_order, order, taken, kept):
        values, contact = {}, {}
        if "po_number" in taken:
            values["client_order_ref"] = taken["po_number"] or False
        if "note" in taken:
            values["note"] = self.env["shopify.order.writer"]._note_html(order)
        for name in ("email", "phone"):
            if name in taken:
                contact[name] = taken[name] or False
        if kept != (sale_order.shopify_details or {}):
            values["shopify_details"] = kept
        if values:
            sale_order.write(values)
        if contact:
            # the order's own contact, whoever the store's user is
            sale_order.partner_id.sudo().with_context(**QUIET).write(contact)

    @api.model
    def _follow_guests(self, instance, orders, known):
        """Guests keep their contact when their e-mail or phone changes; comes before contacts are looked up by e-mail.

        :param orders: `mapping.Order` values
        :param known: {Shopify order id: sale order}
        """
        for order in orders:
            sale_order = known.get(order.shopify_id)
            if not sale_order or sale_order.shopify_baseline:
                continue
            if sale_order.shopify_updated_at and order.updated_at <= sale_order.shopify_updated_at:
                continue
            if not order.is_cancelled and "email" in self._said(instance, order):
                self._bring(instance, sale_order, order)
