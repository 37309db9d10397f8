"""The state of one simulated store and everything that can be done to it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from . import inventory, rest
from .book import CACHED, Header, OrderBook
from .bulk import BulkOperations
from .clock import Clock
from .events import cancels, customers, edits, payments, place, refunds
from .generate import catalogue
from .generate.markets import TAX_SYSTEMS, TaxSystem, rates_for
from .ids import number_for, number_in
from .jobs import Jobs
from .model.money_flow import Refund, Transaction
from .model.order import Order
from .model.people import Customer
from .model.product import Collection, InventoryItem, Level, Location, Metafield, Product, Variant
from .model.shop import Shop
from .payments_account import PaymentsAccount
from .people import People
from .shelf import Shelf
from .store_returns import StoreReturns
from .store_shipments import Shipments
from .storefront import Storefront
from .values import BadRequest, decimal, metafield_parts
from .webhook_topics import Seen, look


class Store(Shelf, StoreReturns, Shipments):
    """One store. All methods are safe to call from any thread; each event sets ``updated_at`` of its order to the clock.

    An order is given as the `Order`, its id (number or gid) or its name.
    """

    def __init__(self, seed: int = 1, currency: str = "USD", products: int = 60, clock: Clock | None = None,
                 reference: datetime | None = None, domain: str = "simulator.myshopify.com",
                 name: str = "Simulated Store"):  # fmt: skip
        self.seed = seed
        self.clock = clock or Clock()
        self.lock = threading.RLock()
        self.reference = reference or self.clock.now().replace(hour=0, minute=0, second=0)
        opened = self.reference - timedelta(days=800)
        country = _HOME.get(currency, "US")
        self.shop = Shop(55_000_000_000 + seed, name, domain, currency, "America/New_York", country, opened)
        self.shop.rates = rates_for(currency)
        self.locations = catalogue.make_locations(country, opened)
        self.products = catalogue.make_products(seed, products, self.locations, currency, self.reference)
        self._variants_by_sku: dict[str, Variant] = {}
        self._variants_by_id: dict[int, Variant] = {}
        self._items_by_id: dict[int, InventoryItem] = {}
        self._skus: list[str] = []
        self._seeded_skus: tuple[str, ...] = ()
        self._index_products()
        self._counters: dict[str, int] = {}
        self.storefront = Storefront(self)
        self.collections: list[Collection] = []
        self.product_watchers: list[Callable[[Product, str], None]] = []
        self.people = People(self)
        self.routing_delay = 0.0
        self.watchers: list[Callable[[Order, Seen | None], None]] = []
        self.customer_watchers: list[Callable[[str, Customer, Customer | None], None]] = []
        self._counters: dict[str, int] = {}
        self.orders = OrderBook((), self._no_order)
        self.jobs = Jobs(self.clock, seed)
        self.attempts: dict[str, object] = {}
        self.bulk = BulkOperations()
        self.seeded = 0
        self.payments = PaymentsAccount(self)

    # -- looking things up ---------------------------------------------------------------------------------------------

    @property
    def default_location(self) -> Location:
        """Where orders are fulfilled unless told otherwise."""
        return self.locations[0]

    def location(self, given: object = None) -> Location:
        """A location by object, id, gid or name; the shop with the till without an argument."""
        if isinstance(given, Location):
            return given
        if given is None:
            return self.locations[2]
        wanted = number_in(given)
        for one in self.locations:
            if one.id == wanted or one.name == given:
                return one
        raise BadRequest(f"the store has no location {given!r}")

    def variant_by_sku(self, sku: str) -> Variant | None:
        """The variant with a SKU."""
        return self._variants_by_sku.get(sku)

    def variant_by_id(self, number: int) -> Variant | None:
        """The variant of an id."""
        return self._variants_by_id.get(number)

    def item_by_id(self, number: int | None) -> InventoryItem | None:
        """The inventory item of an id."""
        return self._items_by_id.get(number)

    def set_stock(self, item: object, quantity: int, location: object = None, name: str = "available") -> Level:
        """Set units of an item (SKU or id) at a location (the default one), as a person does in Shopify's admin."""
        with self.lock:
            variant = self._variants_by_sku.get(item)
            found = variant.inventory_item if variant else self.item_by_id(number_in(item))
            if found is None:
                raise BadRequest(f"the store has no inventory item {item!r}")
            place = self.location(location) if location is not None else self.default_location
            level = inventory.stock_at(self, found, place, self.clock.now())
            inventory.change(level, name, int(quantity) - level.quantities[name], self.clock.now())
            return level

    def stock(self, sku: str, location: object = None, name: str = "available") -> int | None:
        """Units of a SKU at a location (the default one); None where it is not stocked."""
        place = self.location(location) if location is not None else self.default_location
        level = inventory.level_at(self._variants_by_sku[sku].inventory_item, place)
        return level.quantities[name] if level is not None and level.is_active else None

    def any_sku(self) -> str:
        """SKU of an ordinary product: active, tracked, shipped."""
        return self.skus()[0]

    def skus(self) -> list[str]:
        """SKUs of all ordinary products."""
        return self._skus

    def seeded_skus(self) -> list[str]:
        """SKUs of the ordinary products that the store began with: what its seeded orders hold, whatever came later."""
        return [sku for sku in self._seeded_skus if sku in self._variants_by_sku]

    def tax_system(self, name: str) -> TaxSystem:
        """Taxes by name, for instance "US-NY" or "DE"."""
        if name not in TAX_SYSTEMS:
            raise BadRequest(f"no tax system {name!r}; known are {', '.join(TAX_SYSTEMS)}")
        return TAX_SYSTEMS[name]

    def order(self, given: object) -> Order:
        """An order by object, id, gid or name; `BadRequest` when there is none."""
        with self.lock:
            if isinstance(given, Order):
                return self.orders.get(given.serial)
            number = number_in(given)
            serial = self.orders.serial_by_id(number) if number is not None else None
            if serial is None:
                serial = next((header.serial for header in self.orders.headers() if header.name == given), None)
            if serial is None:
                raise BadRequest(f"the store has no order {given!r}")
            return self.orders.get(serial)

    def all_orders(self) -> list[Order]:
        """Every order, built (many of them take their time: see the readme)."""
        with self.lock:
            return [self.orders.get(header.serial) for header in self.orders.headers()]

    def order_id(self, serial: int) -> int:
        return number_for("Order", serial)

    # -- events --------------------------------------------------------------------------------------------------------

    def place_order(self, **options) -> Order:
        """Place an order and return it.

        Options (all may be left out; a plain paid order of one product is the default):

        - ``lines``: list of SKU, (SKU, quantity) or dict: sku, quantity, price, title, custom, deleted, taxable, taxes,
          requires_shipping, gift_card, discount ("2.00" or "10%"), attributes, group, duty, location, tip, ...
        - ``taxes``: name of a tax system ("US-NY", "DE", ...) or [(title, rate), ...]; ``taxes_included``, ``tax_exempt``
        - ``shipping``: price, dict (price, title, code, source, taxes, discount, ...) or list of them; ``pickup=True``
        - ``discounts``: list of dict: one of code, automatic, manual, script; percentage or amount; on "order", "shipping"
          or a list of line positions
        - ``gateway``; ``financial``: paid, pending, authorized, partially_paid (``paid``), voided, expired, refunded,
          partially_refunded; or ``payments``: list of dict gateway, amount, kind, status, tendered
        - ``fulfillment``: unfulfilled, fulfilled, partial, on_hold, scheduled; ``tracking``
        - ``customer``: dict, `Customer`, id, "guest" (no customer, an e-mail) or "anonymous" (nothing known); ``email``,
          ``phone``, ``address``, ``billing``: country code, dict or `Address`
        - ``company``: True, dict or `Company`; ``terms``: "net30", "receipt", "fulfillment"; ``po_number``
        - ``currency`` (the customer's), ``rate``; ``source`` ("web", "pos", "shopify_draft_order", ...), ``location``
        - ``risk``: HIGH, MEDIUM, LOW, NONE, PENDING or None; ``risk_facts``
        - ``tip`` (``tip_as_line``), ``fees``, ``note``, ``tags``, ``attributes``, ``metafields``, ``localized_fields``,
          ``test``, ``created_at``, ``processed_at``, ``number``, ``name``
        - ``off_by``: an amount by which the stated total differs from what the order's parts add up to

        Raises `BadRequest` for anything that makes no sense, naming it.
        """
        with self.lock:
            order = place.place(self, self.orders.next_serial(), self.clock.now(), **options)
            order.updated_at = max(order.created_at, order.processed_at)
            inventory.follow(self, Counter(), order, self.clock.now())
            self.orders.put(order, "placed")
            self._tell(order, None)
            return order

    def load_rest_order(self, document: dict, new_id: bool = False) -> Order:
        """Add an order from a document in Shopify's REST or webhook shape (also the old ones, and GraphQL answers).

        Totals are served exactly as the document states them. Payments that it does not list are made equal to what it says
        is paid. An order of the same id is replaced, unless ``new_id`` asks for an id of its own. Orders keep their own
        currencies; the currency of a shop without orders follows its first document. `BadRequest` for what is no order.
        """
        with self.lock:
            first = len(self.orders) == 0
            order = rest.load_order(self, document, new_id)
            if first and order.pair.shop != self.shop.currency_code:
                self.shop.currency_code = order.pair.shop
                self.shop.rates = rates_for(order.pair.shop)
            return order

    def edit(self, order: object, quantities: dict | None = None, add: tuple | list = (), remove: tuple | list = (),
             add_shipping: object = None) -> Order:  # fmt: skip
        """Edit lines: new quantities by line (id, gid or SKU), lines to add, lines to remove, a shipping line to add."""

        def change(one: Order, at: datetime) -> None:
            wanted = {self._line_id(one, line): int(units) for line, units in (quantities or {}).items()}
            gone = [self._line_id(one, line) for line in remove]
            edits.edit(self, one, at, wanted, add, gone, add_shipping)

        return self._event(order, change)

    def update(self, order: object, **changes) -> Order:
        """Change note, tags, po_number, email, phone, custom_attributes, shipping_address or billing_address."""
        return self._event(order, lambda one, at: edits.update(one, changes))

    def cancel(self, order: object, reason: str = "CUSTOMER", refund: bool = True, restock: bool = True,
               note: str | None = None, gateway: str | None = None) -> Order:  # fmt: skip
        """Cancel: open authorisations are voided, what was paid is refunded (unless ``refund=False``), to ``gateway``."""
        return self._event(order, lambda one, at: cancels.cancel(self, one, at, reason, refund, restock, note, gateway))

    def refund(self, order: object, lines: dict | str | None = None, **options) -> Refund:
        """Refund: ``lines`` by id, gid or SKU -> units, or "all"; ``shipping``, ``amount``, ``gateway``, ``note``,
        ``restock``, ``duties``, ``pending`` ... as in `events.refunds.refund`."""

        def change(one: Order, at: datetime) -> Refund:
            wanted = lines
            if isinstance(lines, dict):
                wanted = {self._line_id(one, line): int(units) for line, units in lines.items()}
            return refunds.refund(self, one, at, wanted, **options)

        return self._event(order, change)

    def settle_refunds(self, order: object) -> Order:
        """Pending refund money has arrived."""
        return self._event(order, refunds.settle_pending)

    def refund_failed(self, order: object, transaction: Transaction) -> Order:
        """The money of a refund did not reach the customer."""
        return self._event(order, lambda _one, _at: setattr(transaction, "status", "FAILURE"))

    def capture(self, order: object, amount: object = None) -> Transaction:
        """Capture an authorisation, wholly or an amount."""
        return self._event(order, lambda one, at: payments.capture(self, one, at, amount))

    def void(self, order: object) -> Transaction:
        """Void an authorisation."""
        return self._event(order, lambda one, at: payments.void(self, one, at))

    def expire(self, order: object) -> Order:
        """Let an authorisation lapse."""
        return self._event(order, lambda one, at: payments.expire(one))

    def mark_paid(self, order: object, gateway: str | None = None) -> Transaction:
        """Record the outstanding amount as paid."""
        return self._event(order, lambda one, at: payments.mark_paid(self, one, at, gateway))

    def pay(self, order: object, gateway: str, amount: object, **options) -> Transaction:
        """Add a payment of an amount in the customer's currency."""
        return self._event(
            order, lambda one, at: payments.pay(self, one, gateway, one.pair.bag(decimal(amount)), at, **options)
        )

    def change_risk(
        self, order: object, level: str | None, facts: list[str] | None = None, provider: str | None = None
    ) -> Order:
        """Replace the risk assessment: HIGH, MEDIUM, LOW, NONE, PENDING, or None for no assessment."""
        return self._event(order, lambda one, at: place.set_risk(one, level, facts, provider))

    def close(self, order: object) -> Order:
        """Archive an order."""

        def change(one: Order, at: datetime) -> None:
            one.closed_at = at

        return self._event(order, change)

    def add_customer(self, **given) -> Customer:
        """Add a customer as a person does; keys as of `People.add`. `BadRequest` for an e-mail or phone that is taken."""
        return customers.add(self, given)

    def change_customer(self, customer: object, **changes) -> Customer:
        """Change a customer (object, number or gid): names, email, phone, note, tags, state, address ..."""
        return customers.change(self, customer, changes)

    def delete_customer(self, customer: object) -> Customer:
        """Delete a customer without orders."""
        return customers.delete(self, customer)

    def merge_customers(self, one: object, two: object) -> Customer:
        """Merge two customers; returns the one that is kept."""
        return customers.merge(self, one, two)

    def anonymise_customer(self, customer: object) -> Customer:
        """Erase a customer's personal data."""
        return customers.anonymise(self, customer)

    # -- used by the events --------------------------------------------------------------------------------------------

    def set_buyer(self, order: Order, options: dict) -> None:
        """Set customer, company, e-mail and addresses of a new order."""
        self.people.set_buyer(order, options)

    def tell_of_customer(self, topic: str, customer: Customer, gone: Customer | None = None) -> None:
        """Let whoever watches know what happened to a customer."""
        for watcher in self.customer_watchers:
            watcher(topic, customer, gone)

    def make_metafields(self, owner_type: str, given: object) -> list[Metafield]:
        """Metafields for a record made by hand (see `values.metafield_parts`)."""
        at = self.clock.now()
        return [Metafield(self.new_number("Metafield"), *parts, at, at, owner_type) for parts in metafield_parts(given)]

    def new_number(self, typename: str) -> int:
        """A number for a record made by hand, above all generated ones."""
        return number_for(typename, self.new_serial(typename))

    def new_serial(self, typename: str) -> int:
        """A serial for a record made by hand, above all generated ones."""
        self._counters[typename] = self._counters.get(typename, 5_000_000) + 1
        return self._counters[typename]

    def product_of_document(self, row: dict, price: Decimal) -> Variant:
        """The variant that a line of a loaded document names, by id, then by SKU; added to the store if it is not there."""
        number, sku = row.get("variant_id"), row.get("sku") or None
        known = self._variants_by_id.get(number) if number else None
        if known is None and number is None and sku:
            known = self._variants_by_sku.get(sku)
        if known is None:
            known = catalogue.from_document(self, row, sku, price)
            self.products.append(known.product)
            self._index_products()
        return known

    def _event(self, given: object, change: Callable):
        with self.lock:
            order = self.orders.pin(self.order(given))
            before = look(order) if self.watchers else None
            at, held = self.clock.now(), inventory.held_by(order)
            result = change(order, at)
            inventory.follow(self, held, order, at)
            order.version += 1
            order.stated_financial = order.stated_fulfillment = None
            order.updated_at = at
            self.orders.put(order)
            self._tell(order, before)
            return order if result is None else result

    def _tell(self, order: Order, before: Seen | None) -> None:
        """Let whoever watches know that an order was placed (``before`` None) or changed."""
        for watcher in self.watchers:
            watcher(order, before)

    def _line_id(self, order: Order, given: object) -> int:
        number = number_in(given)
        for line in order.lines:
            if line.id == number or (number is None and line.sku == given):
                return line.id
        raise BadRequest(f"order {order.name} has no line {given!r}")

    def _index_products(self) -> None:
        variants = [variant for product in self.products for variant in product.variants if variant.sku]
        self._variants_by_sku = {variant.sku: variant for variant in variants}
        self._variants_by_id = {variant.id: variant for product in self.products for variant in product.variants}
        self._items_by_id = {one.inventory_item.id: one.inventory_item for one in self._variants_by_id.values()}
        self._skus = [
            variant.sku
            for variant in variants
            if variant.inventory_item.tracked
            and variant.product.status == "ACTIVE"
            and not variant.product.is_gift_card
        ]

    def index_variant(self, variant: Variant, former_sku: str | None = None) -> None:
        """Make one new or changed variant known."""
        self._variants_by_id[variant.id] = variant
        self._items_by_id[variant.inventory_item.id] = variant.inventory_item
        if former_sku and former_sku != variant.sku:
            self._forget_sku(former_sku, variant)
        if variant.sku and variant.sku not in self._variants_by_sku:
            self._variants_by_sku[variant.sku] = variant
            if variant.inventory_item.tracked and variant.product.status == "ACTIVE":
                self._skus.append(variant.sku)

    def tell_product(self, product: Product, event: str) -> None:
        """Let whoever watches know what an app did to a product: CREATE, UPDATE or DELETE."""
        self._tell_product(product, event)

    def forget_variant(self, variant: Variant) -> None:
        """One variant is gone."""
        self._variants_by_id.pop(variant.id, None)
        self._items_by_id.pop(variant.inventory_item.id, None)
        self._forget_sku(variant.sku, variant)

    def _forget_sku(self, sku: str | None, variant: Variant) -> None:
        if sku and self._variants_by_sku.get(sku) is variant:
            del self._variants_by_sku[sku]
            if sku in self._skus:
                self._skus.remove(sku)

    def _no_order(self, serial: int) -> Order:
        raise KeyError(serial)

    def generate_orders(self, headers: list[Header], build: Callable[[int], Order]) -> None:
        """Take over the generated orders. A store of a few hundred has the stock of all of them set aside at once."""
        self._seeded_skus = tuple(self._skus)
        self.orders = OrderBook(headers, inventory.counting(self, build))
        self.seeded = len(headers)
        self.payments = PaymentsAccount(self)
        if len(headers) <= CACHED:
            for header in headers:
                if header.fulfillment_status != "FULFILLED" and header.state != "cancelled":
                    self.orders.get(header.serial)


_HOME = {"EUR": "DE", "GBP": "GB", "CAD": "CA", "JPY": "JP", "AUD": "AU", "PLN": "PL", "CHF": "CH", "MYR": "MY"}
