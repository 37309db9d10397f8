"""Records by names that are the same in every database: journals by code, taxes by name and rate, users by login."""

from odoo import api, models

from ..mapping import config_file

#: What a record is known by: {model: fields}. The first one is searched for; a related record counts with its own name.
KEYS = {
    "account.account": ("code",),
    "account.account.tag": ("name", "country_id.code"),
    "account.analytic.account": ("name", "code"),
    "account.journal": ("code",),
    "account.payment.method.line": ("name", "journal_id.code", "payment_type"),
    "account.payment.term": ("name",),
    "account.tax": ("name", "amount", "type_tax_use"),
    "account.tax.group": ("name",),
    "crm.tag": ("name",),
    "crm.team": ("name",),
    "ir.model.fields": ("name", "model"),
    "product.category": ("complete_name",),
    "product.pricelist": ("name", "currency_id.name"),
    "product.product": ("default_code",),
    "res.currency": ("name",),
    "res.lang": ("code",),
    "res.partner": ("name", "email"),
    "res.users": ("login",),
    "shopify.payment.gateway": ("code",),
    "shopify.sale.workflow": ("name",),
    "stock.location": ("complete_name",),
    "stock.warehouse": ("code",),
}
#: Models whose rows belong to one store.
OF_STORE = {"shopify.payment.gateway"}
#: Modules whose records are the same everywhere; made by hand or by an import they are not.
_FIXED = ("base", "uom", "product", "account", "stock", "shopify_sync", "mail", "sales_team")


class ShopifyConfigReferences(models.AbstractModel):
    """Names records, and finds them again by these names, a model at a time."""

    _name = "shopify.config.references"
    _description = "Shopify Configuration References"

    @api.model
    def _name_of(self, record):
        """The reference of a record."""
        xmlid = record.get_external_id().get(record.id, "")
        if xmlid.split(".")[0] in _FIXED and not xmlid.startswith(("account.", "base.main")):
            return config_file.reference(record._name, {"xmlid": xmlid, "name": record.display_name})
        record = record.with_context(lang="en_US")
        return config_file.reference(
            record._name, dict(zip(self._fields_of(record), self._values(record), strict=True))
        )

    @api.model
    def _fields_of(self, model):
        return KEYS.get(model._name, (model._rec_name or "name",))

    @api.model
    def _values(self, record):
        values = []
        for path in self._fields_of(record):
            value = record
            for name in path.split("."):
                value = value[name]
            values.append(value or None)
        return values

    @api.model
    def _find(self, store, references):
        """Find records in a store's company.

        :param references: as `_name_of` makes them
        :return: {key of a reference: record}; what is not found, or found twice, is left out
        """
        found, by_model = {}, {}
        for ref in references:
            by_model.setdefault(ref["ref"], {})[config_file.key_of(ref)] = ref["key"]
        for name, keys in by_model.items():
            if name in self.env and not self.env[name]._abstract and not self.env[name]._transient:
                found.update(self._find_in(store, self.env[name].with_context(lang="en_US", active_test=False), keys))
        return found

    @api.model
    def _find_in(self, store, model, keys):
        found, wanted = {}, {}
        for key, names in keys.items():
            if names.get("xmlid"):
                record = self.env.ref(names["xmlid"], raise_if_not_found=False)
                if record and record._name == model._name:
                    found[key] = record
            else:
                wanted[key] = tuple(names.get(field) for field in self._fields_of(model))
        first = {values[0] for values in wanted.values()} - {None}
        domain = [(self._fields_of(model)[0], "in", list(first))]
        if model._name in OF_STORE:
            domain.append(("instance_id", "=", store.id))
        elif "company_id" in model._fields or "company_ids" in model._fields:
            domain += model._check_company_domain(store.company_id)
        by_values = {}
        for record in model.search(domain) if first else ():
            by_values.setdefault(tuple(self._values(record)), []).append(record)
        for key, values in wanted.items():
            if len(by_values.get(values, [])) == 1:
                found[key] = by_values[values][0]
        return {key: record.with_env(self.env) for key, record in found.items()}
