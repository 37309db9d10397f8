"""Customers: reading them from Shopify, storing them as queue lines, bringing them into Odoo (rules, section 5)."""

import json
from datetime import datetime

from odoo import api, fields, models

from .. import shopify_api
from ..mapping import CustomerAlone, read_customer
from ..mapping.reading import legacy_id, when
from .operations import LANES
from .outcome import Outcome
from .page import Page

#: Customers in one request.
PAGE_CUSTOMERS = 100


class ShopifyHandlerCustomer(models.AbstractModel):
    """Customers of a store: fetched in pages or by ids, matched by the same rules as the customers of orders."""

    _name = "shopify.handler.customer"
    _inherit = ["shopify.handler.base"]
    _description = "Shopify Customer Handler"

    _kinds = LANES["customers"]

    # Fetching; called without an open transaction

    @api.model
    def _fetch_page(self, instance, run):
        """Read one page of a run.

        :param run: plain values of the run, see `shopify.run.starter._read_run`
        :return: Page
        """
        if "tokens" in run["options"]:
            return self._fetch_tokens(instance, run)
        options, search = run["options"], shopify_api.search
        created = options.get("basis") == "created"
        start, end = (self._aware(options.get(key)) for key in ("from", "to"))
        variables = {
            # Shopify names the day of creation differently in its search of customers
            "query": search.between("customer_date" if created else "updated_at", start, end) or None,
            "sortKey": "CREATED_AT" if created else "UPDATED_AT",
            "first": PAGE_CUSTOMERS,
            "after": run["page_cursor"] or None,
        }
        page = self.env["shopify.connection"]._execute(instance, "customers/CustomersPage", variables).data["customers"]
        return Page(
            records=page["nodes"],
            cursor=page["pageInfo"]["endCursor"],
            has_next=page["pageInfo"]["hasNextPage"],
            seen=len(page["nodes"]),
            until=max((when(one["updatedAt"]) for one in page["nodes"]), default=None),
        )

    @api.model
    def _aware(self, text):
        return datetime.fromisoformat(f"{text}+00:00") if text else None

    @api.model
    def _fetch_tokens(self, instance, run):
        """Customers named by id, link or e-mail; unknown ones are listed."""
        tokens = shopify_api.parse_customer_tokens(run["options"]["tokens"])
        start = int(run["page_cursor"] or 0)
        part = tokens[start : start + PAGE_CUSTOMERS]
        records, unknown = self._fetch_ids(instance, [token.value for token in part if token.kind == "id"])
        unknown += [token.text for token in part if token.kind == "unknown"]
        for token in part:
            if token.kind == "email":  # Shopify's search for several e-mails at once finds them too late after a change
                found = self._look_up(instance, email=token.value)["sameEmail"]
                records += [found] if found else []
                unknown += [] if found else [token.text]
        message = self.env._("Not found in Shopify: %s", ", ".join(unknown)) if unknown else ""
        end = start + len(part)
        return Page(records=records, cursor=str(end), has_next=end < len(tokens), seen=len(records), message=message)

    @api.model
    def _fetch_ids(self, instance, ids, granted=None):
        """Customers by their ids.

        :return: (customers, ids that Shopify does not know)
        """
        records, unknown = [], []
        for start in range(0, len(ids), PAGE_CUSTOMERS):
            part = ids[start : start + PAGE_CUSTOMERS]
            variables = {"ids": [shopify_api.gid("Customer", ident) for ident in part]}
            answer = self.env["shopify.connection"]._execute(instance, "customers/CustomersByIds", variables)
            for ident, customer in zip(part, answer.data["nodes"], strict=True):
                if customer:
                    records.append({key: value for key, value in customer.items() if key != "__typename"})
                else:
                    unknown.append(ident)
        return records, unknown

    @api.model
    def _look_up(self, instance, ident=None, email=None, phone=None):
        """Customers by id, e-mail and phone in one request: {"known", "sameEmail", "samePhone"}, None for none."""
        variables = {
            "id": shopify_api.gid("Customer", ident or 0),
            "email": email,
            "phone": phone,
            "byId": bool(ident),
            "byEmail": bool(email),
            "byPhone": bool(phone),
        }
        found = self.env["shopify.connection"]._execute(instance, "customers/CustomerLookup", variables).data
        return {key: found.get(key) for key in ("known", "sameEmail", "samePhone")}

    # Storing

    @api.model
    def _store_records(self, run, records):
        """Store customers as queue lines; one that waits already gets the newer data.

        :return: how many lines were made or renewed
        """
        last = run.queue_ids.sorted("id")[-1:]
        queued, _left = self._queue(run.instance_id, records, run.source, last, run, everyone=run.source == "by_id")
        return len(queued)

    @api.model
    def _queue(self, instance, records, source, last, run=None, everyone=False):
        """Queue the customers that are not what Odoo has.

        :param everyone: also those that have not changed
        :return: ({Shopify id: queue line}, ids of those left out)
        """
        records = {legacy_id(record["id"]): record for record in records}
        renewed = self._renew_waiting(instance, records, source)
        links = self.env["shopify.resolve.customer"]._links(instance, list(records))
        left = set()
        if not everyone:
            left = {ident for ident, link in links.items() if self._is_known(link, records[ident])}
        values = {ident: self._prepare_line(record) for ident, record in records.items() if ident not in left}
        if not everyone:
            stored = self._payloads(instance, list(values), ("done", "skipped", "cancelled"))
            left |= {ident for ident, value in values.items() if stored.get(ident) == value["payload"]}
        values = [value for ident, value in values.items() if ident not in left]
        made = self._fill_queues(instance, "customer", values, source, last, run)
        return {line.shopify_id: line for line in renewed + made}, left

    @api.model
    def _is_known(self, link, record):
        """Odoo has a later state. Shopify's times are whole seconds: of the same second the data themselves decide."""
        return bool(link.shopify_updated_at) and when(record["updatedAt"]) < link.shopify_updated_at

    @api.model
    def _prepare_line(self, record):
        email = (record.get("defaultEmailAddress") or {}).get("emailAddress")
        return {
            "shopify_id": legacy_id(record["id"]),
            "reference": record.get("displayName") or email or legacy_id(record["id"]),
            "customer": record.get("displayName") or False,
            "email": email or False,
            "payload": self._dump(record),
            "payload_updated_at": fields.Datetime.to_datetime(when(record["updatedAt"])),
        }

    # Processing

    @api.model
    def _process(self, instance, lines):
        """Bring the customers of queue lines into Odoo.

        :param lines: claimed lines of one store
        :return: {line id: Outcome}
        """
        outcomes, found = {}, {}
        for line in lines:
            # raw data are hidden from users; the job reads them for whoever started it
            payload = json.loads(line.sudo().payload or "null")
            if not isinstance(payload, dict) or not payload.get("id") or not payload.get("updatedAt"):
                outcomes[line.id] = Outcome.failure(
                    "data",
                    "unreadable",
                    self.env._("The stored data of %s are incomplete. Use 'Get again'.", line.reference),
                )
                continue
            found[line] = CustomerAlone(read_customer(payload))
        resolver = self.env["shopify.resolve.customer"]
        links = resolver._links(instance, [one.shopify_id for one in found.values()])
        for line, one in list(found.items()):
            if one.customer.is_anonymous and one.shopify_id not in links:
                outcomes[line.id] = Outcome.skip(
                    "no_personal_data",
                    self.env._(
                        "Shopify shows nothing of this customer: the data were erased, or the store's plan hides them."
                    ),
                )
                del found[line]
        people = list(found.values())
        persons = resolver._persons(instance, people, resolver._places(people), source="customer") if people else {}
        for line, one in found.items():
            outcomes[line.id] = Outcome.done(persons[one.shopify_id])
        return outcomes
