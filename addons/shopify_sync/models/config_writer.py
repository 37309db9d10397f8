"""A store's whole configuration into a file, and out of one."""

from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from psycopg2 import IntegrityError

from ..mapping import config_file

#: Settings that belong to one database or one store, and stay.
OWN = {
    "name", "sequence", "color", "active", "company_id", "shop_domain", "auth_mode", "webhook_base_url", "archived_with",
}  # fmt: skip
#: Switches that are not copied, but are settings.
SWITCHES = ("webhook_order", "webhook_product", "webhook_customer")


@dataclass(frozen=True)
class Section:
    """Rows of a model: found by `keys`, written with `values`. `fixed` rows are Shopify's and only changed."""

    model: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    fixed: bool = False
    store_field: str = "instance_id"


SECTIONS = {
    "workflows": Section(
        "shopify.sale.workflow",
        ("name",),
        (
            "active", "sequence", "confirm_order", "create_invoice", "sale_journal_id", "register_payment", "payment_journal_id",
            "payment_method_line_id", "payment_before_invoice", "force_accounting_date", "picking_policy", "allow_manual",
        ),
        store_field="company_id",
    ),
    "gateways": Section(
        "shopify.payment.gateway", ("code",), ("name", "workflow_id", "paid_out", "is_credit", "active")
    ),
    "financial_statuses": Section(
        "shopify.financial.status",
        ("gateway_id", "financial_status", "order_status"),
        ("workflow_id", "payment_term_id", "active"),
    ),
    "tax_mappings": Section(
        "shopify.tax.mapping", ("name", "rate", "price_include", "country_code", "marketplace"), ("tax_id",)
    ),
    "payout_accounts": Section(
        "shopify.payout.account", ("transaction_type",), ("account_id", "tax_id", "partner_id", "label")
    ),
    "metafields": Section(
        "shopify.metafield.mapping", ("owner", "namespace", "key"), ("type", "field_id", "direction", "active")
    ),
    "field_owners": Section("shopify.field.owner", ("field_name",), ("owner",)),
    "order_rules": Section(
        "shopify.order.rule",
        ("name",),
        ("sequence", "active", "tags", "channels", "skip", "tag_ids", "team_id", "analytic_account_id"),
    ),
    "locations": Section(
        "shopify.location",
        ("name",),
        ("warehouse_id", "return_warehouse_id", "export_warehouse_ids", "import_warehouse_id", "stock_to_check"),
        fixed=True,
    ),
    "market_prices": Section("shopify.price.list", ("name",), ("pricelist_id",), fixed=True),
    "webhook_topics": Section("shopify.webhook", ("topic",), ("enabled",), fixed=True),
    "schedules": Section(
        "ir.cron",
        ("shopify_operation",),
        ("active", "interval_number", "interval_type"),
        fixed=True,
        store_field="shopify_instance_id",
    ),
}  # fmt: skip


class ShopifyConfigWriter(models.AbstractModel):
    """Exports and imports the configuration of a store."""

    _name = "shopify.config.writer"
    _description = "Shopify Configuration File"

    # Out

    @api.model
    def _export(self, store):
        """A store's configuration as `mapping.config_file.ConfigFile`; no secret is in it."""
        sections = {
            name: [self._row(record, section) for record in self._records(store, section)]
            for name, section in SECTIONS.items()
        }
        return config_file.ConfigFile(
            {"name": store.name, "address": store.shop_domain},
            {name: self._plain(store, name) for name in self._settings(store)},
            sections,
        )

    @api.model
    def _settings(self, store):
        """Names of the store's fields that are its settings. Fields for managers only hold secrets and stay."""
        return [
            name
            for name, field in sorted(store._fields.items())
            if (field.copy or name in SWITCHES)
            and field.store
            and not (field.readonly or field.compute or field.related or field.groups)
            and field.type not in ("one2many", "binary", "json")
            and name not in OWN
            and name not in models.MAGIC_COLUMNS
            and not name.startswith(("message_", "activity_"))
        ]

    @api.model
    def _records(self, store, section):
        model = self.env[section.model].with_context(active_test=False)
        if section.model == "ir.cron":
            return store.sudo().cron_ids  # jobs of this store, which its manager configures through it
        if section.model == "shopify.sale.workflow":
            lines = store.with_context(active_test=False)
            return lines.financial_status_ids.workflow_id | lines.gateway_ids.workflow_id
        return model.search([(section.store_field, "=", store.id)])

    @api.model
    def _row(self, record, section):
        return {name: self._plain(record, name) for name in section.keys + section.values}

    @api.model
    def _plain(self, record, name):
        """A value as the file has it."""
        value, field = record[name], record._fields[name]
        references = self.env["shopify.config.references"]
        if field.type == "many2one":
            return references._name_of(value) if value else None
        if field.type == "many2many":
            return [references._name_of(one) for one in value]
        if field.type in ("datetime", "date"):
            return fields.Datetime.to_string(value) if value else None
        return value if field.type == "boolean" or value is not False else None

    # In

    @api.model
    def _import(self, store, config, keep):
        """Set a store up as the file says.

        :param keep: False: look only, and take everything back
        :return: rows as `shopify.config.file.line` shows them
        """
        report = []
        with self.env.cr.savepoint() as savepoint:
            report += self._import_section(store, "workflows", config.sections.get("workflows", []))
            report += self._import_settings(store, config.settings)
            for name, rows in config.sections.items():
                if name != "workflows":
                    report += self._import_section(store, name, rows)
            self.env.flush_all()
            if not keep:
                savepoint.rollback()
        if not keep:
            self.env.invalidate_all(flush=False)
        return report

    @api.model
    def _import_settings(self, store, settings):
        known = self._settings(store)
        found = self.env["shopify.config.references"]._find(store, config_file.references(settings))
        # what is switched on comes last: it may need other settings
        for name, value in sorted(settings.items(), key=lambda item: item[1] is True):
            if name not in known:
                yield self._line("settings", name, "missing", self.env._("This version has no such setting."))
                continue
            label = store._fields[name]._description_string(self.env)
            yield self._set("settings", label, store, {name: value}, found)

    @api.model
    def _import_section(self, store, name, rows):
        section = SECTIONS[name]
        records = self._records(store, section)
        if section.model == "shopify.sale.workflow":
            records = records.search([("company_id", "=", store.company_id.id)])
        here = {self._identity(self._row(record, section), section): record for record in records}
        found = self.env["shopify.config.references"]._find(store, config_file.references(rows))
        for row in rows:
            label = " / ".join(
                config_file.label(row[key]) if config_file.is_reference(row.get(key)) else str(row.get(key))
                for key in section.keys
                if row.get(key) not in (None, False)
            )
            record = here.get(self._identity(row, section))
            values = {key: row[key] for key in section.keys + section.values if key in row}
            if record:
                values = {key: value for key, value in values.items() if key in section.values}
                yield self._set(name, label, record, values, found)
            elif section.fixed:
                yield self._line(name, label, "missing", self._where(section.model))
            else:
                base = {section.store_field: store.company_id.id if section.store_field == "company_id" else store.id}
                yield self._set(name, label, self.env[section.model], values, found, base)

    @api.model
    def _identity(self, row, section):
        return tuple(
            str(config_file.key_of(row[key]) if config_file.is_reference(row.get(key)) else row.get(key))
            for key in section.keys
        )

    @api.model
    def _set(self, section, label, record, values, found, base=None):
        """Write or create one row; one that names something that is not here is left out as a whole."""
        unknown = [ref for ref in config_file.references(values) if config_file.key_of(ref) not in found]
        if unknown:
            models_ = [self.env["ir.model"]._get(ref["ref"]).name or ref["ref"] for ref in unknown]
            names = [f"{name} {config_file.label(ref)}" for name, ref in zip(models_, unknown, strict=True)]
            return self._line(
                section,
                label,
                "missing",
                self.env._(
                    "Not found here: %s. Create it, or name it as in the file, then look again.", "; ".join(names)
                ),
            )
        try:
            with self.env.cr.savepoint():
                write = {key: self._value(record, key, value, found) for key, value in values.items()}
                before = {key: self._shown(record, key) for key in write} if record else {}
                changed = {key: one for key, one in write.items() if not record or self._differs(record, key, one)}
                if not record:
                    record = record.create({**base, **write})
                    return self._line(section, label, "new", self._text(record, write))
                if not changed:
                    return self._line(section, label, "same")
                record.write(changed)
                self.env.flush_all()
                text = ", ".join(f"{before[key]} → {self._shown(record, key)}" for key in changed)
                return self._line(section, label, "set", text)
        except (UserError, IntegrityError, ValueError) as error:
            return self._line(section, label, "missing", str(error))

    @api.model
    def _value(self, record, name, value, found):
        field = record._fields.get(name)
        if not field:
            raise UserError(self.env._("This version has no field %s.", name))
        if field.type == "many2one":
            return found[config_file.key_of(value)].id if value else False
        if field.type == "many2many":
            return [Command.set([found[config_file.key_of(one)].id for one in value or []])]
        return False if value is None else value

    @api.model
    def _differs(self, record, name, value):
        field = record._fields[name]
        if field.type == "many2many":
            return set(value[0][2]) != set(record[name].ids)
        return field.convert_to_cache(value, record) != field.convert_to_cache(record[name], record)

    @api.model
    def _shown(self, record, name):
        """A value as people read it."""
        value, field = record[name], record._fields[name]
        if field.relational:
            return ", ".join(one.display_name for one in value) or "-"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value or "-")
        if field.type == "boolean":
            return self.env._("on") if value else self.env._("off")
        return str(value) if value not in (False, None, "") else "-"

    @api.model
    def _text(self, record, names):
        return ", ".join(f"{self._shown(record, name)}" for name in names)

    @api.model
    def _where(self, model):
        places = {
            "shopify.location": self.env._(
                "This store has no such location. Import Locations, or create it in Shopify."
            ),
            "shopify.price.list": self.env._(
                "This store has no such price list. Read the sales channels from Shopify."
            ),
            "shopify.webhook": self.env._("This store has no such subscription yet. Switch webhooks on first."),
        }
        return places.get(model) or self.env._("This version has no such job.")

    @api.model
    def _line(self, section, name, effect, text=""):
        return {"section": section, "name": name, "effect": effect, "text": text}
