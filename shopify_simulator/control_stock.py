"""Control calls for stock."""

from __future__ import annotations


class StockControl:
    """What can be asked and done about stock over HTTP; a part of `control.Control`."""

    def do_stock(self, sku: str | None = None, limit: int = 100) -> dict:
        """Stock by SKU and location: all quantities of each level; of one SKU or of the first ones."""
        with self.store.lock:
            skus = [sku] if sku else self.store.skus()[:limit]
            return {"stock": {one: self._levels(one) for one in skus}}

    def do_set_stock(self, item: object, quantity: int, location: object = None, name: str = "available") -> dict:
        """Set units of an item (SKU or id) at a location: quantity, location, name (available or on_hand)."""
        level = self.store.set_stock(item, quantity, location, name)
        return {"location": level.location.name, **level.quantities}

    def do_bulk(self, refuse: str | None = None) -> dict:
        """Refuse the next bulk operation with a code (LIMIT_REACHED, OPERATION_IN_PROGRESS)."""
        with self.store.lock:
            self.store.bulk.refuse = refuse
            running = {kind: self.store.bulk.running(kind) for kind in ("QUERY", "MUTATION")}
            return {"running": running, "refuse": refuse}

    def _levels(self, sku: str) -> dict:
        item = self.store.variant_by_sku(sku).inventory_item
        return {level.location.name: {**level.quantities, "active": level.is_active} for level in item.levels}
