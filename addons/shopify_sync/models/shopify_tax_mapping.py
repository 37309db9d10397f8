"""Which Odoo tax stands for a tax of Shopify."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

#: Uses of a tax are counted so far: whether it is used at all, and more than a few times, is what a person wants to know.
COUNTED_USES = 1000


class ShopifyTaxMapping(models.Model):
    """A tax of a store by its key: title, rate, in the price, country, collected by the marketplace."""

    _name = "shopify.tax.mapping"
    _description = "Shopify Tax"
    _order = "instance_id, country_code, name"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    name = fields.Char(string="Title", required=True)
    rate = fields.Float(required=True, digits=(12, 6), help="As a fraction: 0.19 is 19 %.")
    price_include = fields.Boolean(string="In Price")
    country_code = fields.Char(string="Country", help="ISO code of the destination, empty for none.")
    marketplace = fields.Boolean(string="Collected by Marketplace")
    match_key = fields.Char(compute="_compute_match_key", store=True)
    tax_id = fields.Many2one(
        "account.tax",
        string="Odoo Tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
    )
    use_count = fields.Integer(
        string="Times Used",
        compute="_compute_use_count",
        help="Order lines of the store that carry Odoo's tax; counted up to 1,000.",
    )

    _key_unique = models.UniqueIndex("(instance_id, match_key)", "This tax of the store is mapped already.")

    @api.depends("name", "rate", "price_include", "country_code", "marketplace")
    def _compute_match_key(self):
        for mapping in self:
            mapping.match_key = self._key(
                mapping.name or "",
                Decimal(str(mapping.rate)),
                mapping.price_include,
                mapping.country_code or "",
                mapping.marketplace,
            )

    @api.depends("tax_id")
    def _compute_use_count(self):
        """One query for all rows; the lines of other companies' stores are behind the rows' own company rule."""
        self.env["sale.order"].flush_model(["shopify_instance_id"])
        self.env["sale.order.line"].flush_model(["order_id", "tax_ids"])
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id, (
                          SELECT COUNT(*)
                            FROM (SELECT
                                    FROM account_tax_sale_order_line_rel r
                                    JOIN sale_order_line l ON l.id = r.sale_order_line_id
                                    JOIN sale_order o ON o.id = l.order_id
                                   WHERE r.account_tax_id = m.tax_id AND o.shopify_instance_id = m.instance_id
                                   LIMIT %s) used)
                     FROM shopify_tax_mapping m
                    WHERE m.id = ANY(%s)""",
                COUNTED_USES,
                self._origin.ids,
            )
        )
        counts = dict(rows)
        for mapping in self:
            mapping.use_count = counts.get(mapping._origin.id, 0)

    @api.model
    def _key(self, title, rate, included, country, marketplace):
        rate = f"{rate:.6f}".rstrip("0").rstrip(".")
        return "|".join([title.strip().casefold(), rate, str(int(included)), country, str(int(marketplace))])

    @api.model
    def _key_of(self, tax_key):
        """The key of a `mapping.TaxKey`."""
        return self._key(tax_key.title, tax_key.rate, tax_key.included, tax_key.country, tax_key.marketplace)

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create(vals_list)
        mappings._wake_waiting()
        return mappings

    def write(self, vals):
        result = super().write(vals)
        self._wake_waiting()
        return result

    def _wake_waiting(self):
        for instance, mappings in self.filtered("tax_id").grouped("instance_id").items():
            keys = [f"tax:{mapping.match_key}" for mapping in mappings]
            self.env["shopify.queue.line"]._wake_and_tell(keys, instance)

    @api.model
    def _resolve(self, instance, tax_keys):
        """The Odoo taxes for tax keys, in a handful of queries.

        Unknown ones are created when the store allows it.

        :param tax_keys: iterable of `mapping.TaxKey`
        :return: ({match key: account.tax}, [tax keys without a tax])
        """
        wanted = {self._key_of(key): key for key in tax_keys}
        if not wanted:
            return {}, []
        mappings = self.search([("instance_id", "=", instance.id), ("match_key", "in", list(wanted))])
        found = {mapping.match_key: mapping.tax_id for mapping in mappings if mapping.tax_id}
        missing = {key: tax_key for key, tax_key in wanted.items() if key not in found}
        if missing and instance.tax_create:
            # jobs of users who may not touch taxes create them only where the store's settings say so
            model = self.sudo()
            taxes = model.env["account.tax"].create([model._prepare_tax(instance, key) for key in missing.values()])
            rows = []
            for (key, tax_key), tax in zip(missing.items(), taxes, strict=True):
                empty = mappings.filtered(lambda mapping, key=key: mapping.match_key == key)
                if empty:
                    empty.sudo().tax_id = tax
                else:
                    rows.append({**model._prepare_mapping(instance, tax_key), "tax_id": tax.id})
                found[key] = tax.sudo(self.env.su)
            model.create(rows)
            missing = {}
        return found, list(missing.values())

    @api.model
    def _prepare_mapping(self, instance, key):
        """Values of the row for a tax of Shopify, still without Odoo's tax."""
        return {
            "instance_id": instance.id,
            "name": key.title,
            "rate": float(key.rate),
            "price_include": key.included,
            "country_code": key.country,
            "marketplace": key.marketplace,
        }

    @api.model
    def _prepare_tax(self, instance, key):
        """Values of an Odoo tax for a tax of Shopify: title, rate, included or excluded, the store's accounts."""
        words = [key.title, key.percent, self.env._("included") if key.included else self.env._("excluded")]
        if key.country:
            words.append(key.country)
        if key.marketplace:
            words.append(self.env._("collected by marketplace"))

        def lines(account):
            return [
                fields.Command.create({"repartition_type": "base", "factor_percent": 100}),
                fields.Command.create(
                    {
                        "repartition_type": "tax",
                        "factor_percent": 100,
                        "account_id": account.id,
                        "tag_ids": [fields.Command.set(instance.tax_tag_ids.ids)],
                    }
                ),
            ]

        name = ", ".join(words)
        taken = self.env["account.tax"].search_count(
            [("name", "=", name), ("company_id", "=", instance.company_id.id), ("type_tax_use", "=", "sale")]
        )
        return {
            "name": f"{name} ({instance.name})" if taken else name,
            "invoice_label": f"{key.title} {key.percent}",
            "amount_type": "percent",
            "amount": float(key.rate * 100),
            "type_tax_use": "sale",
            "price_include_override": "tax_included" if key.included else "tax_excluded",
            "include_base_amount": False,
            "company_id": instance.company_id.id,
            "country_id": instance.company_id.account_fiscal_country_id.id,
            "tax_group_id": instance.tax_group_id.id or self._default_group(instance).id,
            "shopify_channel_liable": key.marketplace,
            "invoice_repartition_line_ids": lines(instance.tax_account_id),
            "refund_repartition_line_ids": lines(instance.tax_refund_account_id or instance.tax_account_id),
        }

    @api.model
    def _default_group(self, instance):
        """The tax group of created taxes when the store names none."""
        groups = self.env["account.tax.group"]
        name = self.env._("Shopify taxes")
        domain = [("company_id", "=", instance.company_id.id), ("name", "=", name)]
        return groups.search(domain, limit=1) or groups.create(
            {
                "name": name,
                "company_id": instance.company_id.id,
                "country_id": instance.company_id.account_fiscal_country_id.id,
            }
        )
