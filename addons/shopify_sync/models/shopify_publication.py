"""Where a store sells, and the price lists of its markets."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api

#: Handles of the two channels that every publishing button means.
WEB, POS = "online_store", "pos"
_KINDS = {"online_store": WEB, "online-store": WEB, "web": WEB, "pos": POS, "point-of-sale": POS, "point_of_sale": POS}
_NAMES = {"Online Store": WEB, "Point of Sale": POS}


class ShopifyPublication(models.Model):
    """A sales channel of a store. Products are published to it one by one; the status Active does not publish."""

    _name = "shopify.publication"
    _description = "Shopify Sales Channel"
    _order = "instance_id, kind, name"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [(WEB, "Online Store"), (POS, "Point of Sale"), ("other", "Other")], required=True, default="other"
    )
    active = fields.Boolean(default=True)

    _shopify_id_unique = models.UniqueIndex("(instance_id, shopify_id)", "This sales channel exists already.")

    @property
    def gid(self):
        """Shopify's full id."""
        return shopify_api.gid("Publication", self.shopify_id)

    @api.model
    def _targets(self, instance, state, others=()):
        """Ids of the channels that a publish state means.

        :param state: web, web_pos or unpublished
        :param others: further channels that are to have the product
        :return: (channels to be in, channels that this decides about), sets of gids
        :raises UserError: the store has no such channel
        """
        rows = self.search([("instance_id", "=", instance.id), ("kind", "in", (WEB, POS))])
        wanted = {"web": (WEB,), "web_pos": (WEB, POS), "unpublished": ()}[state]
        missing = [kind for kind in wanted if kind not in rows.mapped("kind")]
        if missing:
            names = dict(self._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(store)s has no sales channel “%(channel)s”, or the app may not see it (permission "
                    "read_publications). Look at Products Out of the store and use Read from Shopify.",
                    store=instance.name,
                    channel=names[missing[0]],
                )
            )
        chosen = {row.gid for row in rows if row.kind in wanted} | {row.gid for row in others}
        return chosen, {row.gid for row in rows} | {row.gid for row in others}

    def _state_in(self):
        """The publish state of a product that is in exactly these channels: web_pos, web or unpublished."""
        kinds = set(self.mapped("kind"))
        return "web_pos" if {WEB, POS} <= kinds else "web" if WEB in kinds else "unpublished"


class ShopifyPriceList(models.Model):
    """The price list of a market in a currency of its own, and the Odoo pricelist whose prices are fixed there."""

    _name = "shopify.price.list"
    _description = "Shopify Market Price List"
    _order = "instance_id, name"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    name = fields.Char(required=True)
    market = fields.Char()
    currency_id = fields.Many2one("res.currency", required=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Odoo Pricelist",
        check_company=True,
        domain="[('currency_id', '=', currency_id)]",
        help="Its prices are fixed in this market when prices are sent. It has the market's currency and prices of its "
        "own: converted prices are not sent.",
    )
    active = fields.Boolean(default=True)

    _shopify_id_unique = models.UniqueIndex("(instance_id, shopify_id)", "This price list exists already.")

    @api.constrains("pricelist_id", "currency_id")
    def _check_currency(self):
        for row in self:
            if row.pricelist_id and row.pricelist_id.currency_id != row.currency_id:
                raise UserError(
                    self.env._(
                        "Price list %(list)s of Shopify is in %(its)s, pricelist %(pricelist)s in %(other)s. Prices are not "
                        "converted: choose a pricelist in %(its)s.",
                        list=row.name,
                        its=row.currency_id.name,
                        pricelist=row.pricelist_id.name,
                        other=row.pricelist_id.currency_id.name,
                    )
                )


class ShopifySalesChannels(models.AbstractModel):
    """Reads where a store sells."""

    _name = "shopify.sales.channels"
    _description = "Shopify Sales Channel Reader"

    @api.model
    def _refresh(self, instance):
        """Bring sales channels and price lists of markets to what Shopify has.

        :raises shopify_api.ShopifyError: Shopify cannot be asked
        """
        self._store(instance, self._ask(instance))

    @api.model
    def _ask(self, instance):
        """Shopify's sales channels and price lists, as `SalesChannels` has them."""
        return self.env["shopify.connection"]._execute(instance, "shop/SalesChannels", lane="catalogue").data

    @api.model
    def _store(self, instance, data):
        # whoever sends products needs the channels; only managers set them up
        self._write(
            self.env["shopify.publication"].sudo(),
            instance,
            {shopify_api.legacy_id(node["id"]): self._prepare_channel(node) for node in data["publications"]["nodes"]},
        )
        currencies = self.env["res.currency"].with_context(active_test=False)
        by_code = {one.name: one.id for one in currencies.search([])}
        self._write(
            self.env["shopify.price.list"].sudo(),
            instance,
            {
                shopify_api.legacy_id(node["id"]): {
                    "name": node["name"],
                    "market": (node["catalog"] or {}).get("title"),
                    "currency_id": by_code[node["currency"]],
                }
                for node in data["priceLists"]["nodes"]
                if node["currency"] in by_code
            },
        )

    @api.model
    def _prepare_channel(self, node):
        channel = next(iter(node["channels"]["nodes"]), {}) if node["channels"] else {}
        name = channel.get("name") or (node["catalog"] or {}).get("title") or node["id"]
        kind = _KINDS.get((channel.get("handle") or "").lower()) or _NAMES.get(name, "other")
        return {"name": name, "kind": kind}

    @api.model
    def _write(self, model, instance, wanted):
        rows = model.with_context(active_test=False).search([("instance_id", "=", instance.id)])
        known = {row.shopify_id: row for row in rows}
        for ident, vals in wanted.items():
            row = known.get(ident)
            changed = row and {name: value for name, value in vals.items() if row[name] != value}
            if changed:
                row.write(changed)
        model.create([{"instance_id": instance.id, "shopify_id": ident, **vals} for ident, vals in wanted.items()
                      if ident not in known])  # fmt: skip
        gone = rows.filtered(lambda row: row.active and row.shopify_id not in wanted)
        back = rows.filtered(lambda row: not row.active and row.shopify_id in wanted)
        gone.active = False
        back.active = True
