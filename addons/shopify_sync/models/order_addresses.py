"""Addresses of a known order: follow Shopify while Odoo holds the one that the import chose last (rules, 1.7 and 13)."""

from odoo import api, fields, models

#: Fields of the order by what they are called in `mapping.Order` (address) and in `Parties` (contact).
ADDRESSES = {
    "delivery": ("partner_shipping_id", "shipping"),
    "invoice": ("partner_invoice_id", "billing"),
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_addresses = fields.Json(
        readonly=True,
        copy=False,
        help="The addresses as the import chose them last: {delivery or invoice: [Shopify's address as compared, id of the "
        "contact]}. Another contact on the order was chosen by a person.",
    )


class ShopifyOrderAddresses(models.AbstractModel):
    """Takes over a changed address; one that a person chose in Odoo is left and shown."""

    _name = "shopify.order.addresses"
    _description = "Shopify Order Addresses"

    @api.model
    def _chosen(self, order, parties):
        """What the import chooses: {name: [address as compared, contact id]}."""
        chosen = {}
        for name, (_field, attribute) in ADDRESSES.items():
            address = getattr(order, attribute)
            chosen[name] = [address.key if address else "", parties[name].id]
        return chosen

    @api.model
    def _parties(self, sale_order, order, resolved):
        """{name: contact}; empty where the order is somebody else's in Odoo than in Shopify."""
        parties = resolved.parties.get(order.shopify_id)
        if not parties or parties.customer != sale_order.partner_id:
            return {}
        return {"delivery": parties.delivery, "invoice": parties.invoice}

    @api.model
    def _differences(self, instance, sale_order, order, parties):
        """:return: ([names to take over], [names to show], what to keep as chosen)"""
        before, now = sale_order.shopify_addresses or {}, self._chosen(order, parties)
        may = instance.sync_address and not sale_order.locked
        taken, shown, kept = [], [], dict(before)
        for name, (field, _attribute) in ADDRESSES.items():
            here = sale_order[field]
            last_key, last_id = before.get(name) or (None, here.id)  # an order that was imported before this was kept
            if here == parties[name]:
                kept[name] = now[name]
            elif last_key == now[name][0]:
                continue  # Shopify has not changed it; a person has
            elif may and here.id == last_id:
                taken.append(name)
                kept[name] = now[name]
            else:
                shown.append(name)
        return taken, shown, kept

    @api.model
    def _bring(self, instance, sale_order, order, resolved):
        """Addresses of quotations and of orders whose deliveries are open; a posted invoice keeps its address.

        :return: rows for the table of differences
        """
        parties = self._parties(sale_order, order, resolved)
        if sale_order.state == "cancel" or not parties:
            return []
        taken, shown, kept = self._differences(instance, sale_order, order, parties)
        self._write(sale_order, parties, taken, kept)
        labels = {"delivery": self.env._("Delivery address"), "invoice": self.env._("Invoice address")}
        return [
            {
                "key": f"address/{name}",
                "title": labels[name],
                "odoo": self._text(sale_order[ADDRESSES[name][0]]),
                "shopify": self._text(parties[name]),
                "text": True,
            }
            for name in shown
        ]

    @api.model
    def _text(self, contact):
        return ", ".join(filter(None, (contact.name, contact.contact_address_inline))) or contact.display_name

    @api.model
    def _apply(self, instance, sale_order, order, resolved, keys=None):
        """A person takes over what was shown.

        :param keys: of the rows wanted, as `_bring` gives them; None: all
        """
        parties = self._parties(sale_order, order, resolved)
        if parties:
            taken, shown, kept = self._differences(instance, sale_order, order, parties)
            shown = [name for name in shown if keys is None or f"address/{name}" in keys]
            now = self._chosen(order, parties)
            self._write(sale_order, parties, [*taken, *shown], {**kept, **{name: now[name] for name in shown}})

    @api.model
    def _write(self, sale_order, parties, taken, kept):
        values = {ADDRESSES[name][0]: parties[name].id for name in taken}
        if kept != (sale_order.shopify_addresses or {}):
            values["shopify_addresses"] = kept
        if values:
            sale_order.write(values)
        if "delivery" in taken:
            open_pickings = sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            open_pickings.write({"partner_id": parties["delivery"].id})
