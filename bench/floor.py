"""The least that Odoo itself takes: its own batch calls on ready values, a commit for each batch.

Nothing is fetched, mapped, looked up, checked or recorded; contexts and batch size are the connector's.
"""

from odoo import fields
from odoo.addons.shopify_sync.models.handler_order import QUIET_DOCUMENTS
from odoo.addons.shopify_sync.models.resolve_customer import QUIET
from odoo.fields import Command

from bench.sales import SHIPPING_CODE, SHIPPING_TITLE, TAX_TITLE, Place, Sale


class Way:
    def __init__(self, env, _stages) -> None:
        self._env = env
        store = env["shopify.instance"].search([], limit=1)
        self._company, self._warehouse, self._pricelist = store.company_id, store.warehouse_id, store.pricelist_id
        self._shipping = env["delivery.carrier"].search([("shopify_code", "=", SHIPPING_CODE)])
        self._tax = env["account.tax"].search([("name", "=", TAX_TITLE)])
        self._journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
        self._country = env["res.country"].search([("code", "=", "US")])
        self._states = {state.code: state for state in self._country.state_ids}
        self._products = {
            product.default_code: product.read(["name"])[0] | {"uom": product.uom_id.id}
            for product in env["product.product"].search([("default_code", "!=", False)])
        }
        self._customers = {}

    # Outside the clock

    def prepare(self, sales: list[Sale], _window: list[str]) -> list[dict]:
        """All values of a batch; ids of the contacts, which do not exist yet, are filled in by `run`."""
        prepared = []
        for sale in sales:
            new = sale.email not in self._customers
            self._customers.setdefault(sale.email, None)
            prepared.append(
                {
                    "email": sale.email,
                    "customer": self._customer(sale) if new else None,
                    "delivery": self._delivery(sale) if sale.delivery != sale.home else None,
                    "order": self._order(sale),
                    "amount": float(sale.total),
                    "memo": sale.reference,
                }
            )
        return prepared

    def _customer(self, sale: Sale) -> dict:
        return {
            "name": f"{sale.first_name} {sale.last_name}",
            "email": sale.email,
            "lang": "en_US",
            "company_id": self._company.id,
            "customer_rank": 1,
            **self._address(sale.home),
        }

    def _delivery(self, sale: Sale) -> dict:
        return {
            "name": f"{sale.first_name} {sale.last_name}",
            "type": "delivery",
            "lang": "en_US",
            "company_id": self._company.id,
            **self._address(sale.delivery),
        }

    def _address(self, place: Place) -> dict:
        return {
            "street": place.street,
            "city": place.city,
            "zip": place.zip,
            "state_id": self._states[place.state].id,
            "country_id": self._country.id,
        }

    def _order(self, sale: Sale) -> dict:
        lines = [self._line(sku, units, price) for sku, units, price in sale.lines]
        shipping = self._shipping.product_id
        lines.append(self._values(shipping.id, shipping.uom_id.id, SHIPPING_TITLE, 1, sale.shipping, is_delivery=True))
        return {
            "name": f"#{sale.reference}",
            "company_id": self._company.id,
            "pricelist_id": self._pricelist.id,
            "currency_id": self._pricelist.currency_id.id,
            "date_order": sale.placed_at,
            "warehouse_id": self._warehouse.id,
            "picking_policy": "one",
            "payment_term_id": False,
            "user_id": False,
            "team_id": False,
            "client_order_ref": sale.reference,
            "require_signature": False,
            "require_payment": False,
            "validity_date": False,
            "note": False,
            "carrier_id": self._shipping.id,
            "order_line": [Command.create({**line, "sequence": 10 + at}) for at, line in enumerate(lines)],
        }

    def _line(self, sku: str, units: int, price: str) -> dict:
        product = self._products[sku]
        return self._values(product["id"], product["uom"], product["name"], units, price)

    def _values(self, product_id: int, uom_id: int, name: str, units: int, price: str, **more) -> dict:
        return {
            "product_id": product_id,
            "product_uom_id": uom_id,
            "name": name,
            "product_uom_qty": units,
            "price_unit": float(price),
            "technical_price_unit": float(price) - 1,
            "discount": 0.0,
            "customer_lead": 0.0,
            "tax_ids": [Command.set(self._tax.ids)],
            **more,
        }

    # Inside the clock

    def run(self, prepared: list[dict]) -> None:
        orders = self._env["sale.order"].with_context(**QUIET_DOCUMENTS).create(self._with_contacts(prepared))
        orders.action_confirm()
        invoices = orders._create_invoices(grouped=True)
        invoices.action_post()
        payments = self._pay(orders, prepared)
        plan = []
        for order, payment in zip(orders, payments, strict=True):
            lines = (order.invoice_ids + payment.move_id).line_ids
            plan.append(lines.filtered(lambda line: line.account_id.account_type == "asset_receivable"))
        self._env["account.move.line"]._reconcile_plan(plan)
        self._env.cr.commit()

    def _with_contacts(self, prepared: list[dict]) -> list[dict]:
        """Create the contacts and put their ids into the orders' values."""
        contacts = self._env["res.partner"].with_context(**QUIET)
        new = [one for one in prepared if one["customer"]]
        for one, partner in zip(new, contacts.create([one["customer"] for one in new]), strict=True):
            self._customers[one["email"]] = partner.id
        elsewhere = [one for one in prepared if one["delivery"]]
        addresses = contacts.create(
            [{**one["delivery"], "parent_id": self._customers[one["email"]]} for one in elsewhere]
        )
        ids = {one["memo"]: address.id for one, address in zip(elsewhere, addresses, strict=True)}
        values = []
        for one in prepared:
            customer = self._customers[one["email"]]
            delivery = ids.get(one["memo"], customer)
            parties = {"partner_id": customer, "partner_invoice_id": customer, "partner_shipping_id": delivery}
            values.append({**one["order"], **parties})
        return values

    def _pay(self, orders, prepared: list[dict]):
        payments = self._env["account.payment"].with_context(**QUIET_DOCUMENTS)
        method = self._journal.inbound_payment_method_line_ids[:1]
        created = payments.create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": order.partner_id.id,
                    "amount": one["amount"],
                    "currency_id": order.currency_id.id,
                    "date": fields.Date.today(),
                    "journal_id": self._journal.id,
                    "payment_method_line_id": method.id,
                    "memo": one["memo"],
                }
                for order, one in zip(orders, prepared, strict=True)
            ]
        )
        created.action_post()
        return created
