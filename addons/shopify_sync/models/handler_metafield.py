"""Metafields of Shopify in the Odoo fields that a store maps them to."""

from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2 import errors as pg_errors

from .. import shopify_api
from ..mapping import Refusal
from ..mapping.metafields import read_metafield
from ..mapping.product import read_shopify_metafield
from .operations import OPERATIONS
from .page import Page
from .shopify_metafield_mapping import OWNERS
from .spoken import spoken

#: Records whose metafields are read in one request.
PAGE_IDS = 100
#: What each kind of record is called in Shopify's ids.
_KINDS = {"product": "Product", "variant": "ProductVariant", "order": "Order", "customer": "Customer"}


class ShopifyHandlerMetafield(models.AbstractModel):
    """Reads metafields of the records that Odoo has, and writes their values: the value of a field that somebody changed
    in Odoo since stays."""

    _name = "shopify.handler.metafield"
    _description = "Shopify Metafield Handler"

    # Writing

    @api.model
    def _bring(self, instance, owner, entries):
        """Write the metafields of many records of one kind.

        :param owner: product, variant, order or customer
        :param entries: (Shopify id, layer record or None, Odoo record, [mapping.product.Metafield])
        :return: [(Shopify id, text)] of values that could not be kept, and why
        """
        mappings = self.env["shopify.metafield.mapping"]._of(instance, owner)
        if not mappings or not entries:
            return []
        model = self.env["shopify.metafield"]
        # which values were read is for the addon to keep, whoever runs the import
        model = model.sudo()
        known = {
            (one.mapping_id.id, one.owner_ref): one
            for one in model.search(
                [
                    ("mapping_id", "in", [mapping.id for mapping in mappings.values()]),
                    ("owner_ref", "in", [entry[0] for entry in entries]),
                ]
            )
        }
        notes, to_create, now = [], [], fields.Datetime.now()
        for owner_ref, layer, record, found in entries:
            for metafield in found:
                mapping = mappings.get((metafield.namespace, metafield.key))
                if not mapping or not record:
                    continue
                old = known.get((mapping.id, owner_ref), model)
                if old and old.value == metafield.value and old.state != "failed":
                    continue
                vals, text = self._write_value(mapping, record, metafield, old)
                vals.update(
                    value=metafield.value,
                    shopify_id=metafield.shopify_id,
                    compare_digest=metafield.compare_digest,
                    read_at=now,
                    res_model=record._name,
                    res_id=record.id,
                )
                if text:
                    notes.append((owner_ref, text))
                if old:
                    old.write(vals)
                else:
                    place = {"product": "shopify_product_id", "variant": "shopify_variant_id"}.get(owner)
                    vals.update({place: layer.id} if place else {}, mapping_id=mapping.id, owner_ref=owner_ref)
                    to_create.append(vals)
        model.create(to_create)
        return notes

    @api.model
    def _write_value(self, mapping, record, metafield, old):
        """Write one value; ({values of the metafield row}, text of what is wrong or '')."""
        # ir.model.fields is for administrators
        field = record._fields[mapping.sudo().field_id.name]
        name = f"{metafield.namespace}.{metafield.key}"
        try:
            if metafield.type != mapping.type:
                raise Refusal(
                    "metafield_type",
                    self.env._(
                        "Shopify says type %(its)s, the mapping says %(ours)s", its=metafield.type, ours=mapping.type
                    ),
                )
            value = read_metafield(metafield.type, metafield.value, field.type)
            current = self._as_text(record[field.name])
            if old.written is not False and current not in (old.written, "") and current != self._as_text(value):
                text = self.env._("%(key)s: “%(value)s” was entered in Odoo and stays.", key=name, value=current)
                return {"state": "kept", "message": text}, text
            if current != self._as_text(value):
                with self.env.cr.savepoint():
                    record.with_context(shopify_alike=True).write({field.name: value})
        except (Refusal, UserError, ValueError, pg_errors.IntegrityError, pg_errors.DataError) as error:
            reason = spoken(self.env, error.words) if isinstance(error, Refusal) else str(error)
            text = self.env._("Metafield %(key)s was not brought: %(reason)s.", key=name, reason=reason.rstrip("."))
            return {"state": "failed", "message": text}, text
        return {"state": "ok", "message": False, "written": self._as_text(record[field.name])}, ""

    @api.model
    def _as_text(self, value):
        """A value of a field as text, to compare it with what was written."""
        if value in (False, None):
            return ""
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        return fields.Date.to_string(value) if isinstance(value, date) else str(value)

    # Reading: the operation

    @api.model
    def _fetch_page(self, instance, run):
        """Read the metafields of the next records of Odoo; called without an open transaction. The place reached is
        'kind of record:last Odoo id'. Options: `owners` and `mappings` (ids), all of them when they are empty."""
        owners = [owner for owner in OWNERS if owner in (run["options"].get("owners") or OWNERS)]
        chosen = run["options"].get("mappings")
        owner, _sep, last = (run["page_cursor"] or f"{owners[0]}:0").partition(":")

        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            mappings = env["shopify.metafield.mapping"]._of(store, owner)
            keys = sorted(".".join(key) for key, row in mappings.items() if not chosen or row.id in chosen)
            return keys, env[self._name]._next_ids(store, owner, int(last)) if keys else []

        keys, rows = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
        following = owners[owners.index(owner) + 1 :]
        if len(rows) == PAGE_IDS:
            cursor, has_next = f"{owner}:{rows[-1][0]}", True
        else:
            cursor, has_next = (f"{following[0]}:0", True) if following else (None, False)
        if not rows:
            return Page(records=[], cursor=cursor, has_next=has_next)
        records = self._read(instance, owner, keys, [ident for _id, ident in rows])
        return Page(
            records=[{"owner": owner, **one} for one in records], cursor=cursor, has_next=has_next, seen=len(rows)
        )

    @api.model
    def _read(self, instance, owner, keys, ids):
        """Metafields of records: [{id, metafields}]; those that Shopify does not know are left out."""
        found = {}
        for start in range(0, len(keys), 25):
            variables = {
                "ids": [shopify_api.gid(_KINDS[owner], ident) for ident in ids],
                "keys": keys[start : start + 25],
                "metafields": min(25, len(keys)),
            }
            answer = self.env["shopify.connection"]._execute(instance, "products/MetafieldsByIds", variables)
            for node in filter(None, answer.data["nodes"]):
                found.setdefault(node["id"], []).extend(node["metafields"]["nodes"])
        return [{"id": ident, "metafields": metafields} for ident, metafields in found.items()]

    @api.model
    def _next_ids(self, instance, owner, last):
        """The next records of a store that are in Shopify: [(Odoo id, Shopify id)]."""
        model, ident, store = {
            "product": ("shopify.product", "shopify_id", "instance_id"),
            "variant": ("shopify.product.variant", "shopify_id", "instance_id"),
            "order": ("sale.order", "shopify_order_id", "shopify_instance_id"),
            "customer": ("shopify.customer", "shopify_id", "instance_id"),
        }[owner]
        found = self.env[model].search(
            [(store, "=", instance.id), (ident, "!=", False), ("id", ">", last)], order="id", limit=PAGE_IDS
        )
        return [(one.id, one[ident]) for one in found]

    @api.model
    def _store_records(self, run, records):
        """Write what was read; no queue is filled."""
        by_owner = {}
        for record in records:
            by_owner.setdefault(record["owner"], []).append(record)
        for owner, found in by_owner.items():
            self._bring_read(run.instance_id, owner, found)
        return len(records)

    @api.model
    def _bring_read(self, instance, owner, found):
        """Write the metafields that were read of records of one kind; what could not be kept is logged as a warning."""
        notes = self._bring(instance, owner, self._entries(instance, owner, found))
        self._log_notes(instance, [(f"{owner}:{ident}", text) for ident, text in notes])

    @api.model
    def _log_notes(self, instance, notes):
        self.env["shopify.log.line"]._log(
            instance,
            [
                {
                    "process": self.env._(OPERATIONS["metafield"].label),
                    "severity": "warning",
                    "cause": "metafield",
                    "message": text,
                    "record_key": key,
                }
                for key, text in notes
            ],
        )

    @api.model
    def _entries(self, instance, owner, found):
        """What `_bring` takes: the layer and Odoo records of Shopify's records."""
        ids = {one["id"].rsplit("/", 1)[-1]: one["metafields"] for one in found}
        model, ident, store, field = {
            "product": ("shopify.product", "shopify_id", "instance_id", "product_tmpl_id"),
            "variant": ("shopify.product.variant", "shopify_id", "instance_id", "product_id"),
            "order": ("sale.order", "shopify_order_id", "shopify_instance_id", None),
            "customer": ("shopify.customer", "shopify_id", "instance_id", "partner_id"),
        }[owner]
        rows = self.env[model].search([(store, "=", instance.id), (ident, "in", list(ids))])
        return [
            (row[ident], row, row[field] if field else row, [read_shopify_metafield(one) for one in ids[row[ident]]])
            for row in rows
        ]
