"""Contacts sent to Shopify: created there, or brought to what a person changed in Odoo (rules, section 5)."""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..mapping import CustomerAlone, departing, is_hidden, read_customer, same, split_name
from ..mapping.reading import when
from .outcome import Outcome

#: A customer that Shopify made from this long before the line on is the line's own, should an answer have been lost.
CLOCKS_DIFFER = timedelta(minutes=10)


class ShopifyHandlerCustomerExport(models.AbstractModel):
    """Sends contacts, one line each. Each time the customer is read before: what Shopify changed meanwhile is not
    overwritten, and what an earlier attempt has done is not done again. No list of Shopify's is ever replaced."""

    _name = "shopify.handler.customer.export"
    _description = "Shopify Customer Sender"

    # Before

    @api.model
    def _enqueue(self, instance, partners, link_existing=False):
        """Lines for contacts that may be sent (`res.partner._shopify_export_problem`), in queues of the usual size.

        :param link_existing: a customer who has the same e-mail or phone in Shopify is linked instead of refused
        """
        lines = self.env[
            "shopify.queue.line"
        ].sudo()  # whoever may ask for it makes the line; only its buttons change it
        links = instance._customer_links(partners)
        payload = json.dumps({"link_existing": link_existing})
        values = [
            {
                "instance_id": instance.id,
                "kind": "customer_export",
                "state": "draft",
                "shopify_id": links[partner].shopify_id if partner in links else f"new-{partner.id}",
                "reference": partner.display_name,
                "customer": partner.name,
                "email": partner.email,
                "res_model": partner._name,
                "res_id": partner.id,
                "payload": payload,
            }
            for partner in partners
        ]
        waiting = lines.search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "customer_export"),
                ("shopify_id", "in", [one["shopify_id"] for one in values]),
                ("state", "=", "failed"),
            ]
        )
        made = waiting
        for line in waiting:  # what Shopify refused before is sent anew, with the same key if it may have been done
            line.write({"payload": payload, "link_ref": False, "message": False, "failure_kind": False})
        waiting.sudo(self.env.su)._set_draft()
        known = set(waiting.mapped("shopify_id"))
        values = [one for one in values if one["shopify_id"] not in known]
        for start in range(0, len(values), instance.queue_size_customer):
            part = values[start : start + instance.queue_size_customer]
            queue = (
                self.env["shopify.queue"]
                .sudo()
                .create({"instance_id": instance.id, "kind": "customer_export", "source": "manual"})
            )
            made += lines.create([{**one, "queue_id": queue.id} for one in part])
        made.queue_id._refresh_state()
        return made.sudo(self.env.su)

    @api.model
    def _prepare(self, line):
        """What is needed to send the line, as plain values."""
        partner = self.env["res.partner"].browse(line.res_id)
        link = line.instance_id._customer_links(partner).get(partner)
        return {
            "link_existing": json.loads(line.payload or "{}").get("link_existing", False),
            "partner_id": partner.id,
            "customer_id": link.shopify_id if link else None,
            "email": partner.email_normalized or None,
            "phone": partner._shopify_phone() or None,
            "since": line.create_date - CLOCKS_DIFFER,
        }

    # Sending; without an open transaction

    @api.model
    def _send(self, instance, job):
        """Create or update the customer.

        :return: {"customer": as Shopify has it now, "did": created, updated, same, linked, exists or hidden, ...}
        :raises shopify_api.ShopifyError: refused, answer lost ...
        """
        handler = self.env["shopify.handler.customer"]
        if job["customer_id"]:
            found = handler._look_up(instance, ident=job["customer_id"])["known"]
            if not found:
                raise shopify_api.QueryRefused(
                    self.env._(
                        "Shopify does not know this customer any more: deleted there, or merged into another one. Import "
                        "the customers, then send the contact again."
                    )
                )
            return self._update(instance, job, found)
        found = self._existing(instance, job)
        if found:
            return found
        variables = {"input": self._in_own_transaction(instance, lambda env: env[self._name]._input(env, job))}
        try:
            answer = self.env["shopify.connection"]._execute(instance, "customers/CustomerCreate", variables)
        except shopify_api.UserErrors as error:
            if not any(problem.code == "TAKEN" for problem in error.problems):
                raise
            found = self._existing(instance, job)  # somebody was quicker between the two requests
            if not found:
                raise
            return found
        return {"did": "created", "customer": answer.data["customerSet"]["customer"]}

    @api.model
    def _existing(self, instance, job):
        """A customer with the same e-mail or phone; also the one that an earlier attempt has made."""
        found = self.env["shopify.handler.customer"]._look_up(instance, email=job["email"], phone=job["phone"])
        customer, how = found["sameEmail"], "email"
        if not customer:
            customer, how = found["samePhone"], "phone"
        if not customer:
            return None
        if job["was_maybe_done"] and when(customer["createdAt"]) >= job["since"]:
            name = self._in_own_transaction(instance, lambda env: env["res.partner"].browse(job["partner_id"]).name)
            if same("name", name, read_customer(customer).name):
                return {"did": "created", "customer": customer}
        return {"did": "linked" if job["link_existing"] else "exists", "customer": customer, "how": how}

    @api.model
    def _update(self, instance, job, found):
        """Send what was changed in Odoo only; what Shopify changed meanwhile stays."""
        plan = self._in_own_transaction(instance, lambda env: env[self._name]._plan(env, instance.id, job, found))
        if plan.get("hidden"):
            return {"did": "hidden", "customer": found}
        result = {"customer": found, "before": found, "did": "same", "sent": plan["send"], "both": plan["both"]}
        if not plan["send"]:
            return result
        address = (found["defaultAddress"] or {}).get("id")
        changes = "address" in plan["send"]
        variables = {
            "id": found["id"],
            "addressId": address or found["id"],  # not read when there is no address to change
            "input": plan["input"],
            "address": plan["address"],
            "changesAddress": bool(changes and address),
            "addsAddress": bool(changes and not address),
        }
        answer = self.env["shopify.connection"]._execute(
            instance, "customers/CustomerUpdate", variables, idempotent=not variables["addsAddress"]
        )
        return {**result, "did": "updated", "customer": answer.data["customerSet"]["customer"]}

    @api.model
    def _in_own_transaction(self, instance, work):
        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _in_shopify(self, env, record):
        """The fields of a record of Shopify as Odoo would hold them."""
        resolver = env["shopify.resolve.customer"]
        one = CustomerAlone(read_customer(record))
        return resolver._values_in_shopify(one.customer, resolver._places([one]))

    @api.model
    def _plan(self, env, instance_id, job, found):
        """What is sent: {"send": fields, "both": fields, "input", "address"}."""
        partner = env["res.partner"].browse(job["partner_id"])
        link = env["shopify.instance"].browse(instance_id)._customer_links(partner)[partner]
        shopify, seen = self._in_shopify(env, found), link.seen_values or {}
        if is_hidden(shopify):
            return {"hidden": True}
        current = env["shopify.resolve.customer"]._values_of(partner)
        plan = departing(current, shopify, link.written_values or {}, seen)
        whole = self._input(env, job)
        address = (whole.pop("addresses", None) or [{}])[0]
        keys = {"name": ("firstName", "lastName"), "email": ("email",), "phone": ("phone",), "address": ()}
        wanted = {key for name in plan.send for key in keys[name]}
        return {
            "send": plan.send,
            "both": plan.both,
            "input": {key: value for key, value in whole.items() if key in wanted},
            "address": address,
        }

    @api.model
    def _input(self, env, job):
        """Shopify's CustomerSetInput of a contact, for a customer that is new."""
        partner = env["res.partner"].browse(job["partner_id"])
        known = partner.name if partner.name != partner.email else ""
        first, last = split_name(known or "", partner.is_company)
        values = {"firstName": first, "lastName": last, "email": job["email"], "phone": job["phone"]}
        values = {key: value for key, value in values.items() if value}
        address = {
            "firstName": first,
            "lastName": last,
            "company": partner.name if partner.is_company else partner.parent_id.name or partner.company_name,
            "address1": partner.street,
            "address2": partner.street2,
            "city": partner.city,
            "zip": partner.zip,
            "provinceCode": partner.state_id.code,
            "countryCode": partner.country_id.code,
            "phone": job["phone"],
        }
        if partner.street or partner.city or partner.zip:
            values["addresses"] = [{key: value for key, value in address.items() if value}]
        return values

    # After

    @api.model
    def _finish(self, line, result):
        """Write what Shopify answered."""
        partner = self.env["res.partner"].browse(line.res_id)
        did, customer = result["did"], result["customer"]
        if did == "exists":
            return self._refuse_existing(line, customer, result["how"])
        if did == "hidden":
            text = self.env._(
                "%s: Shopify shows nothing of this customer: the data were erased, or the store's plan hides them. Nothing "
                "was sent.",
                line.reference,
            )
            return Outcome.failure(
                "data", "no_personal_data", text, fix_action="customer", fix_context={"res_id": partner.id}
            )
        link = line.instance_id._customer_links(partner).get(partner)
        if not link:
            link, problem = self._link(line, partner, customer, did, result.get("how"))
            if problem:
                return problem
        line.shopify_id = link.shopify_id
        outcome = Outcome.done(partner)
        self._remember(line, link, partner, result)
        outcome.message = self._words(line, result)
        if result.get("both"):
            outcome.note(
                "changed_on_both_sides", outcome.message, fix_action="customer", fix_context={"res_id": partner.id}
            )
        return outcome

    @api.model
    def _remember(self, line, link, partner, result):
        """Keep what both sides now have; bring what Shopify has changed and nobody in Odoo."""
        resolver = self.env["shopify.resolve.customer"]
        read = read_customer(result["customer"])
        one = CustomerAlone(read)
        if result["did"] in ("created", "updated"):
            now = self._in_shopify(self.env, result["customer"])
            current = resolver._values_of(partner)
            agreed = {name: value for name, value in current.items() if same(name, value, now[name])}
            if result["did"] == "updated":
                agreed = {name: value for name, value in agreed.items() if name in result["sent"]}
            seen = {**(link.seen_values or {}), **{name: now[name] for name in result.get("sent") or now}}
            link.write({"written_values": {**(link.written_values or {}), **agreed}, "seen_values": seen})
        resolver._bring_one(line.instance_id, link, read, resolver._places([one]))
        link.sent_at = fields.Datetime.now()
        partner.shopify_is_customer = True

    @api.model
    def _link(self, line, partner, customer, did, how):
        """Link the contact with a customer of Shopify.

        :return: (link, None), or (none, Outcome) when the customer is linked with another contact
        """
        ident = shopify_api.legacy_id(customer["id"])
        known = self.env["shopify.resolve.customer"]._links(line.instance_id, [ident]).get(ident)
        if known and known.partner_id != partner:
            text = self.env._(
                "%(contact)s: the customer with this e-mail or phone in Shopify is linked with another contact, %(other)s. "
                "Merge the two contacts in Odoo, or change the e-mail or phone of one.",
                contact=line.reference,
                other=known.partner_id.display_name,
            )
            return known, Outcome.failure(
                "data", "linked_elsewhere", text, fix_action="customer", fix_context={"res_id": known.partner_id.id}
            )
        if known:
            known.active = True
            return known, None
        return self.env["shopify.customer"].create(
            {
                "partner_id": partner.id,
                "instance_id": line.instance_id.id,
                "shopify_id": ident,
                "matched_by": "exported" if did == "created" else how,
                "source": "export",
            }
        ), None

    @api.model
    def _refuse_existing(self, line, customer, how):
        line.link_ref = shopify_api.legacy_id(customer["id"])
        shown = customer["displayName"]
        text = (
            self.env._(
                "%(contact)s: Shopify has a customer with this e-mail, %(other)s. Use Link Existing on the line to link "
                "the two, or change the e-mail in Odoo.",
                contact=line.reference,
                other=shown,
            )
            if how == "email"
            else self.env._(
                "%(contact)s: Shopify has a customer with this phone, %(other)s. Use Link Existing on the line to link the "
                "two, or change the phone in Odoo.",
                contact=line.reference,
                other=shown,
            )
        )
        return Outcome.failure(
            "data", "customer_exists", text, fix_action="customer", fix_context={"res_id": line.res_id}
        )

    @api.model
    def _words(self, line, result):
        """What was done, for the person who asked."""
        labels = {
            "name": self.env._("name"),
            "email": self.env._("e-mail"),
            "phone": self.env._("phone"),
            "address": self.env._("address"),
        }
        texts = {
            "created": self.env._("Created in Shopify."),
            "linked": self.env._("Linked with the customer that Shopify has; nothing was changed there."),
            "same": self.env._("Shopify has the contact's values already."),
        }
        parts = [texts.get(result["did"], "")]
        if result["did"] == "updated":
            parts = [self.env._("Sent to Shopify: %s.", ", ".join(labels[name] for name in result["sent"]))]
        if result.get("both"):
            parts.append(
                self.env._(
                    "%(contact)s: changed in Odoo and in Shopify, so each side keeps its own: %(fields)s. Send the contact "
                    "again to overwrite Shopify's value, or use Take Shopify's Values on the contact.",
                    contact=line.reference,
                    fields=", ".join(labels[name] for name in result["both"]),
                )
            )
        return " ".join(filter(None, parts))

    @api.model
    def _follow(self, _instance, _job):
        """Shopify makes customers at once, not by a job."""
        raise UserError(self.env._("There is nothing to follow."))

    @api.model
    def _failed(self, line, message):
        """A person must mend something: said on the contact, where he looks for it."""
        self.env["res.partner"].browse(line.res_id)._message_log(body=self.env._("Not sent to Shopify. %s", message))

    @api.model
    def _given_up(self, _line):
        """A person has set the line to completed: nothing of the contact says that it waits."""
