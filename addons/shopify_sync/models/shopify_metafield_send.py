"""Metafields of orders and customers that go to Shopify: noted when their Odoo field is written, sent by a job of its own.

Those of products and variants go with their product (`handler_product_shared.py`).
"""

from odoo import api, fields, models, tools

from .. import shopify_api
from ..mapping.errors import Refusal
from ..mapping.metafields import write_metafield
from .handler_metafield import _KINDS
from .handler_metafield_follow import PAUSE
from .handler_product_shared import METAFIELDS, _index
from .spoken import spoken


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        self.env["shopify.metafield"]._note_changed("order", self, vals)
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        self.env["shopify.metafield"]._note_changed("customer", self, vals)
        return result


class ShopifyMetafieldMapping(models.Model):
    _inherit = "shopify.metafield.mapping"

    @api.model
    @tools.ormcache("owner")
    def _sent_fields(self, owner):
        """Names of the fields of Odoo that some store is told of. Asked with each write, so it is kept."""
        # what is mapped is the same whoever writes
        rows = self.sudo().search([("owner", "=", owner), ("direction", "in", ("out", "both"))])
        return frozenset(rows.field_id.mapped("name"))


class ShopifyMetafield(models.Model):
    _inherit = "shopify.metafield"

    send_due = fields.Boolean(string="To Send", readonly=True, help="Changed in Odoo; Shopify is still to be told.")

    _send_due = models.Index("(instance_id, id) WHERE send_due IS TRUE")

    @api.model
    def _note_changed(self, owner, records, vals):
        """Note that mapped fields of orders or contacts were written. What an import brings is no change."""
        if self.env.context.get("shopify_alike"):
            return
        names = self.env["shopify.metafield.mapping"]._sent_fields(owner) & vals.keys()
        if not names:
            return
        own = self.sudo()  # whoever changes the order or contact, the store is told
        mappings = own.env["shopify.metafield.mapping"].search(
            [("owner", "=", owner), ("direction", "in", ("out", "both")), ("field_id.name", "in", list(names))]
        )
        found = False
        for instance, rows in mappings.grouped("instance_id").items():
            found |= own._note_of_store(instance, rows, own._refs(owner, instance, records.sudo()))
        if found:
            self.env["shopify.handler.metafield"]._wake_sender()

    @api.model
    def _refs(self, owner, instance, records):
        """{Shopify id: Odoo record} of the records that a store knows."""
        if owner == "order":
            known = records.filtered(lambda one: one.shopify_instance_id == instance and one.shopify_order_id)
            return {one.shopify_order_id: one for one in known}
        links = self.env["shopify.customer"].search(
            [("instance_id", "=", instance.id), ("partner_id", "in", records.ids), ("shopify_id", "!=", False)]
        )
        return {link.shopify_id: link.partner_id for link in links}

    @api.model
    def _note_of_store(self, instance, mappings, refs):
        if not refs:
            return False
        known = self.search([("mapping_id", "in", mappings.ids), ("owner_ref", "in", list(refs))])
        known.send_due = True
        there = {(row.mapping_id.id, row.owner_ref) for row in known}
        self.create(
            [
                {
                    "mapping_id": mapping.id,
                    "owner_ref": ref,
                    "res_model": record._name,
                    "res_id": record.id,
                    "send_due": True,
                }
                for mapping in mappings
                for ref, record in refs.items()
                if (mapping.id, ref) not in there
            ]
        )
        return True

    def _to_send(self):
        """Shopify's text for what Odoo has now; None when there is nothing to send.

        :raises Refusal: the value is not of the metafield's type
        """
        self.ensure_one()
        mapping, record = self.mapping_id, self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            return None
        unit = self.env["shopify.product.out"]._unit(self.instance_id, mapping.type)
        # ir.model.fields is for administrators
        return write_metafield(mapping.type, record[mapping.sudo().field_id.name], unit)

    def _differs_from(self, value):
        """Whether Odoo has something else to send than this text."""
        try:
            return self._to_send() not in (None, value)
        except Refusal:
            return True


class ShopifyHandlerMetafield(models.AbstractModel):
    _inherit = "shopify.handler.metafield"

    @api.model
    def _wake_sender(self, at=None):
        # the wake-up is the addon's, whoever changes the record
        self.env.ref("shopify_sync.cron_metafields_out").sudo()._trigger(at)

    @api.model
    def _cron_send(self):
        """Send the metafields of orders and customers that were changed in Odoo, of every connected store."""
        if self.env["shopify.connection"]._is_a_copy():
            return
        stores = [
            store._for_jobs()
            for (store,) in self.env["shopify.metafield"]._read_group([("send_due", "=", True)], ["instance_id"])
            if store.active and store.state == "connected"
        ]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(stores))
        for store in stores:
            self._send_due(store)
            if not crons._commit_progress(1):
                break

    @api.model
    def _send_due(self, instance):
        """Send what is due of a store, up to 25 values a request; called without an open transaction."""
        own_transaction = self.env["shopify.run.starter"]._in_own_transaction
        after = 0
        while jobs := own_transaction(
            instance, lambda env, after=after: env[self._name]._jobs(env, instance.id, after)
        ):
            after = max(jobs)
            try:
                results = self._send_values(instance, {ident: job for ident, job in jobs.items() if job})
            except shopify_api.ShopifyError as error:
                self._put_off(instance, error)
                return
            own_transaction(
                instance,
                lambda env, results=results: env[self._name]._keep_sent(
                    env["shopify.instance"].browse(instance.id), results
                ),
            )

    @api.model
    def _put_off(self, instance, error):
        """Nothing was lost: what is due stays so, and is tried again when Shopify can be asked, or with the next run."""
        own_transaction = self.env["shopify.run.starter"]._in_own_transaction
        if error.heals or error.may_have_been_done:
            at = fields.Datetime.add(fields.Datetime.now(), seconds=max(1, round(error.retry_after or PAUSE)))
            own_transaction(instance, lambda env: env[self._name]._wake_sender(at))
            return

        def say(env):
            store = env["shopify.instance"].browse(instance.id)
            text = env._("Metafields of orders or customers were not sent: %s", spoken(env, error.words))
            env[self._name]._log_notes(store, [(f"metafields_out:{store.id}", text)])

        own_transaction(instance, say)

    @api.model
    def _jobs(self, env, instance_id, after):
        """The next rows to send: {row id: {owner, ref, key, type, value, digest}, None when it has nothing to send}."""
        rows = env["shopify.metafield"].search(
            [("instance_id", "=", instance_id), ("send_due", "=", True), ("id", ">", after)],
            order="id",
            limit=METAFIELDS,
        )
        jobs, notes = {}, []
        for row in rows:
            mapping, jobs[row.id] = row.mapping_id, None
            try:
                value = row._to_send()
            except Refusal as refusal:
                why = spoken(env, refusal.words)
                text = env._("Metafield %(key)s was not sent: %(why)s", key=mapping.display_name, why=why)
                row.write({"state": "failed", "message": text, "send_due": False})
                notes.append((f"{mapping.owner}:{row.owner_ref}", text))
                continue
            if value is None or value == row.value:
                row.send_due = False
                continue
            jobs[row.id] = {
                "owner": mapping.owner,
                "ref": row.owner_ref,
                "key": (mapping.namespace, mapping.key),
                "type": mapping.type,
                "value": value,
                "digest": row.compare_digest,
            }
        self.with_env(env)._log_notes(env["shopify.instance"].browse(instance_id), notes)
        return jobs

    @api.model
    def _send_values(self, instance, jobs):
        """Set values; those that were changed in Shopify since they were read stay there.

        :return: {row id: {"digest", "value"} when Shopify has the value, {"problem", "stale"} when not}
        """
        results, inputs = {}, {}
        present = self._present(instance, jobs)
        for ident, job in jobs.items():
            its = present.get((job["owner"], job["ref"], job["key"]))
            if its and its["value"] == job["value"]:
                results[ident] = {"value": job["value"], "digest": its["compareDigest"]}
            elif its and job["digest"] and its["compareDigest"] != job["digest"]:
                results[ident] = {"problem": its["value"], "stale": True}
            else:
                inputs[ident] = {
                    "ownerId": shopify_api.gid(_KINDS[job["owner"]], job["ref"]),
                    "namespace": job["key"][0],
                    "key": job["key"][1],
                    "type": job["type"],
                    "value": job["value"],
                    "compareDigest": its["compareDigest"] if its else None,
                }
        while inputs:
            ids = list(inputs)
            try:
                data = self.env["shopify.connection"]._execute(
                    instance, "products/MetafieldsSet", {"metafields": list(inputs.values())}
                )
            except shopify_api.UserErrors as error:
                bad = {index: problem for problem in error.problems if (index := _index(problem)) is not None}
                if not bad:
                    raise
                for index, problem in bad.items():
                    stale = problem.code == "STALE_OBJECT"
                    results[ids[index]] = {"problem": problem.message, "stale": stale}
                    del inputs[ids[index]]
                continue
            for ident, done in zip(ids, data.data["metafieldsSet"]["metafields"], strict=True):
                results[ident] = {"value": jobs[ident]["value"], "digest": done["compareDigest"]}
            break
        return results

    @api.model
    def _present(self, instance, jobs):
        """What Shopify has now of these values: {(owner, Shopify id, (namespace, key)): metafield}."""
        found = {}
        for owner in sorted({job["owner"] for job in jobs.values()}):
            own = [job for job in jobs.values() if job["owner"] == owner]
            keys, ids = sorted({".".join(job["key"]) for job in own}), sorted({job["ref"] for job in own})
            for record in self._read(instance, owner, keys, ids):
                for one in record["metafields"]:
                    found[owner, shopify_api.legacy_id(record["id"]), (one["namespace"], one["key"])] = one
        return found

    @api.model
    def _keep_sent(self, instance, results):
        """Write what came of it; a field that was changed again meanwhile stays due."""
        now, notes = fields.Datetime.now(), []
        for row in self.env["shopify.metafield"].browse(results).exists():
            result, key = results[row.id], row.mapping_id.display_name
            if "problem" not in result:
                record = self.env[row.res_model].browse(row.res_id).exists()
                written = self._as_text(record[row.mapping_id.sudo().field_id.name]) if record else ""
                row.write(
                    {
                        "value": result["value"],
                        "compare_digest": result["digest"],
                        "written": written,
                        "sent_at": now,
                        "state": "ok",
                        "message": False,
                        "send_due": bool(record) and row._differs_from(result["value"]),
                    }
                )
                continue
            text = (
                self.env._("Metafield %(key)s was changed in Shopify since it was read, and stays.", key=key)
                if result["stale"]
                else self.env._("Metafield %(key)s was refused by Shopify: %(why)s", key=key, why=result["problem"])
            )
            row.write({"state": "kept" if result["stale"] else "failed", "message": text, "send_due": False})
            notes.append((f"{row.mapping_id.owner}:{row.owner_ref}", text))
        self._log_notes(instance, notes)
