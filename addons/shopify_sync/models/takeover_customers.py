"""Finding Shopify's customers among contacts that came to Odoo in another way, and linking them (take-over)."""

import json
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..mapping import CustomerAlone, phone_key, read_customer
from ..mapping.customer_fields import SHORTEST_PHONE, same
from .handler_customer import PAGE_CUSTOMERS
from .res_partner import PHONE_DIGITS

#: Requests of one search.
PAGES = 40
#: Names in one reason.
NAMES = 5


class ShopifyTakeoverCustomers(models.AbstractModel):
    """Matches by e-mail; a phone alone is a hint for a person."""

    _name = "shopify.takeover.customers"
    _description = "Shopify Take-over of Customers"

    @api.model
    def _search_rows(self, instance, after):
        """Rows for `shopify.takeover.line`; the caller's transaction ends here before Shopify is asked.

        :param after: where the search before this one ended
        :return: (rows, what was looked at in words, where a next search goes on or False)
        """
        own = instance._for_jobs()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        records, cursor = self._fetch(own, after)
        looked_at = self.env._("Customers looked at: %s.", len(records))
        return self._rows(own, records), looked_at, cursor

    @api.model
    def _fetch(self, instance, after):
        variables = {"query": None, "sortKey": "CREATED_AT", "first": PAGE_CUSTOMERS, "after": after or None}
        records = []
        for _page in range(PAGES):
            answer = self.env["shopify.connection"]._execute(instance, "customers/CustomersPage", variables)
            page = answer.data["customers"]
            records += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return records, False
            variables["after"] = page["pageInfo"]["endCursor"]
        return records, variables["after"]

    # Matching

    @api.model
    def _rows(self, instance, records):
        people = [(record, read_customer(record)) for record in records]
        links = instance.env["shopify.resolve.customer"]._links(instance, [one.shopify_id for _record, one in people])
        open_ones = [one for _record, one in people if one.shopify_id not in links]
        by_email = self._by_email(instance, open_ones)
        by_phone = self._by_phone(instance, [one for one in open_ones if not by_email.get(one.email)])
        rows = []
        for record, one in people:
            row = {
                "title": one.name or one.email or one.phone or one.shopify_id,
                "shopify_id": one.shopify_id,
                "email": one.email,
                "phone": self._phone(one),
                "payload": json.dumps(record, separators=(",", ":"), ensure_ascii=False),
            }
            if one.shopify_id in links:
                row.update(match="known", partner_id=links[one.shopify_id].partner_id.id)
            else:
                row.update(self._fit(one, by_email.get(one.email), by_phone.get(one.shopify_id)))
            rows.append(row)
        self._doubt_shared(instance, rows)
        return rows

    @api.model
    def _phone(self, customer):
        return customer.phone or (customer.address.phone if customer.address else "")

    @api.model
    def _fit(self, customer, by_email, by_phone):
        """Who one customer is in Odoo: match, contact, reason, and whether he is ticked."""
        if customer.is_anonymous:
            return {"match": "none", "reason": self.env._("Shopify shows nothing of this customer.")}
        found, how = (by_email, "email") if by_email else (by_phone, "phone")
        if not found:
            return {"match": "none"}
        if len(found) > 1:
            return {"match": "ambiguous", "reason": self._names(found)}
        row = {"partner_id": found.id, "found_id": found.id, "found_by": how}
        if not found.active:
            return {**row, "match": "check", "reason": self.env._("It is archived in Odoo.")}
        if how == "phone":
            return {**row, "match": "check", "reason": self.env._("Only the phone agrees.")}
        return {**row, "match": "sure", "link": True}

    @api.model
    def _names(self, partners):
        """Contacts of one e-mail have often one name, too: the id tells them apart."""
        names = [
            ", ".join(filter(None, (one.display_name, one.city, self.env._("id %s", one.id))))
            for one in partners[:NAMES]
        ]
        return "; ".join(names) + (" ..." if len(partners) > NAMES else "")

    @api.model
    def _contacts(self, instance):
        return instance.env["res.partner"].with_context(active_test=False)

    @api.model
    def _of_company(self, instance):
        return [("company_id", "in", (False, instance.company_id.id))]

    @api.model
    def _by_email(self, instance, customers):
        """{e-mail: contacts it may mean}"""
        emails = {one.email for one in customers} - {""}
        partners = self._contacts(instance).search_fetch(
            [("email_normalized", "in", list(emails)), *self._of_company(instance)],
            ["email_normalized", "parent_id", "type", "active", "name"],
            order="id",
        )
        return {email: self._heads(found) for email, found in partners.grouped("email_normalized").items()}

    @api.model
    def _by_phone(self, instance, customers):
        """{Shopify id: contacts whose phone is the same, with or without its country code}"""
        phones = {one.shopify_id: self._phone(one) for one in customers}
        ends = {
            phone_key(phone)[-SHORTEST_PHONE:] for phone in phones.values() if len(phone_key(phone)) >= SHORTEST_PHONE
        }
        if not ends:
            return {}
        model = self._contacts(instance)
        model.flush_model(["phone"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE phone IS NOT NULL AND right(%s, %s) = ANY(%s)",
                SQL(PHONE_DIGITS),
                SHORTEST_PHONE,
                list(ends),
            )
        )
        partners = model.search_fetch(
            [("id", "in", [row[0] for row in rows]), *self._of_company(instance)],
            ["phone", "parent_id", "type", "active", "name"],
            order="id",
        )
        by_end = partners.grouped(lambda partner: phone_key(partner.phone)[-SHORTEST_PHONE:])
        found = {}
        for ident, phone in phones.items():
            near = by_end.get(phone_key(phone)[-SHORTEST_PHONE:]) if phone else None
            if near:
                found[ident] = self._heads(near.filtered(lambda one, phone=phone: same("phone", one.phone, phone)))
        return found

    @api.model
    def _heads(self, partners):
        """Contacts without the addresses and persons that stand below one of them, and without archived ones when there
        are others: other connectors write a customer's e-mail on each of his addresses."""
        partners = partners.filtered("active") or partners
        partners = partners.filtered(lambda one: one.type == "contact" or not one.parent_id) or partners
        return partners.filtered(lambda one: one.parent_id not in partners)

    @api.model
    def _doubt_shared(self, instance, rows):
        """A contact who would be two customers of the store is nothing to link without a person's word."""
        fitting = defaultdict(list)
        for row in rows:
            if row.get("partner_id") and row["match"] != "known":
                fitting[row["partner_id"]].append(row)
        partners = instance.env["res.partner"].browse(fitting)
        links = instance._customer_links(partners)
        for partner in partners:
            for row in fitting[partner.id]:
                if partner in links:
                    reason = self.env._("The contact is linked with another customer of this store.")
                    row.update(match="check", link=False, reason=reason)
                elif len(fitting[partner.id]) > 1:
                    row.update(match="check", link=False, reason=self.env._("The contact fits several customers."))

    # Linking

    @api.model
    def _link(self, instance, rows):
        """Link chosen rows as the import of customers does: empty fields of the contact are filled, others stay.

        :return: (rows linked, {row: why it was not linked}, what stopped it in words or '')
        """
        own = instance._for_jobs()
        resolver = own.env["shopify.resolve.customer"]
        # raw data are hidden from users; linking needs them
        people = {row: CustomerAlone(read_customer(json.loads(row.sudo().payload))) for row in rows}
        links = resolver._links(own, [one.shopify_id for one in people.values()])
        people = {row: one for row, one in people.items() if one.shopify_id not in links}
        partner_of = {row: row.partner_id.with_env(own.env) for row in people}
        places = resolver._places(list(people.values()))
        matched = {}
        for row, one in people.items():
            matched.setdefault(partner_of[row], one)
        written = resolver._fill_empty(matched, places)
        own.env["shopify.customer"].create(
            [
                resolver._prepare_link(own, one, partner_of[row], self._how(row), "takeover", places, written)
                for row, one in people.items()
            ]
        )
        partners = own.env["res.partner"].union(*partner_of.values())
        partners.filtered(lambda partner: not partner.shopify_is_customer).write({"shopify_is_customer": True})
        self.env.invalidate_all()
        return rows, {}, ""

    @api.model
    def _how(self, row):
        return row.found_by if row.partner_id.id == row.found_id else "hand"
