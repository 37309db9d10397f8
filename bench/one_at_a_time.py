"""How most connectors import: one order after the other, look-ups and creations one by one, a commit for each order.

Plain Odoo calls in Odoo's usual order, nothing of this project's code. The orders are at hand: what it costs to fetch
them is not counted here.
"""

from bench.sales import SHIPPING_CODE, TAX_TITLE, Place, Sale


class Way:
    def __init__(self, env, _stages) -> None:
        self._env = env

    def prepare(self, sales: list[Sale], _window: list[str]) -> list[Sale]:
        return sales

    def run(self, sales: list[Sale]) -> None:
        for sale in sales:
            order = self._create_order(sale)
            order.action_confirm()
            invoice = order._create_invoices()
            invoice.action_post()
            register = self._env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            register.create({"journal_id": self._find("account.journal", type="bank").id}).action_create_payments()
            self._env.cr.commit()

    def _find(self, model: str, **values):
        return self._env[model].search([(name, "=", value) for name, value in values.items()], limit=1)

    def _create_order(self, sale: Sale):
        partner = self._customer(sale)
        delivery = partner if sale.delivery == sale.home else self._delivery(partner, sale)
        carrier = self._find("delivery.carrier", shopify_code=SHIPPING_CODE)
        order = self._env["sale.order"].create(
            {
                "partner_id": partner.id,
                "partner_invoice_id": partner.id,
                "partner_shipping_id": delivery.id,
                "date_order": sale.placed_at,
                "client_order_ref": sale.reference,
                "carrier_id": carrier.id,
            }
        )
        for sku, units, price in sale.lines:
            self._add_line(order, self._find("product.product", default_code=sku), units, price)
        self._add_line(order, carrier.product_id, 1, sale.shipping, is_delivery=True)
        return order

    def _add_line(self, order, product, units: int, price: str, **more) -> None:
        tax = self._find("account.tax", name=TAX_TITLE)
        self._env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": product.id,
                "product_uom_qty": units,
                "price_unit": float(price),
                "tax_ids": [(6, 0, tax.ids)],
                **more,
            }
        )

    def _customer(self, sale: Sale):
        return self._find("res.partner", email=sale.email) or self._env["res.partner"].create(
            {
                "name": f"{sale.first_name} {sale.last_name}",
                "email": sale.email,
                "customer_rank": 1,
                **self._address(sale.home),
            }
        )

    def _delivery(self, partner, sale: Sale):
        address = self._address(sale.delivery)
        found = self._find("res.partner", parent_id=partner.id, type="delivery", **address)
        return found or self._env["res.partner"].create(
            {"name": partner.name, "parent_id": partner.id, "type": "delivery", **address}
        )

    def _address(self, place: Place) -> dict:
        country = self._find("res.country", code="US")
        state = self._find("res.country.state", country_id=country.id, code=place.state)
        return {
            "street": place.street,
            "city": place.city,
            "zip": place.zip,
            "state_id": state.id,
            "country_id": country.id,
        }
