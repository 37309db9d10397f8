"""Stores in lists, as a column and at their side: out of the way while there is one, shown when there are several."""

from lxml import etree
from odoo import api, models

#: How the store's field is called on our records, on Odoo's, and on contacts, which may belong to several.
_COLUMNS = "@name='instance_id' or @name='shopify_instance_id' or @name='shopify_store_ids'"

#: The app's own searches can group by store.
_GROUPED = "//filter[@name='group_instance']"


class ShopifyStoreColumn(models.AbstractModel):
    """Lists of these models show their optional Store column, and the stores at their side, only to users who see several
    active stores."""

    _name = "shopify.store.column"
    _description = "Shopify Store Column"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._has_stores()) if view_type in ("list", "search") else key

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "list":
            for node in arch.xpath(f"/list/field[{_COLUMNS}][@optional]"):
                node.set("optional", "show" if self._has_stores() else "hide")
        elif view_type == "search" and arch.xpath(_GROUPED) and self._has_stores():
            panel = etree.SubElement(arch, "searchpanel")
            name = "instance_id" if "instance_id" in self._fields else "shopify_instance_id"
            label = self.env._("Stores")
            etree.SubElement(panel, "field", name=name, string=label, icon="fa-shopping-bag", enable_counters="1")
        return arch, view

    @api.model
    def _has_stores(self):
        """Whether there are several stores to tell apart; for people without a Shopify role there are none."""
        stores = self.env["shopify.instance"]
        return stores.has_access("read") and stores.search_count([], limit=2) > 1


class ShopifyStoreEntered(models.AbstractModel):
    """Rows of these models are entered in lists: with one store it is theirs, so that its column may be away."""

    _name = "shopify.store.entered"
    _inherit = ["shopify.store.column"]
    _description = "Shopify Store of an Entered Row"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "instance_id" in fields and not values.get("instance_id"):
            stores = self.env["shopify.instance"].search([], limit=2)
            if len(stores) == 1:
                values["instance_id"] = stores.id
        return values


class ShopifyProduct(models.Model):
    _name = "shopify.product"
    _inherit = ["shopify.product", "shopify.store.column"]


class ShopifyProductVariant(models.Model):
    _name = "shopify.product.variant"
    _inherit = ["shopify.product.variant", "shopify.store.column"]


class ShopifyQueue(models.Model):
    _name = "shopify.queue"
    _inherit = ["shopify.queue", "shopify.store.column"]


class ShopifyQueueLine(models.Model):
    _name = "shopify.queue.line"
    _inherit = ["shopify.queue.line", "shopify.store.column"]


class ShopifyLogLine(models.Model):
    _name = "shopify.log.line"
    _inherit = ["shopify.log.line", "shopify.store.column"]


class ShopifyProof(models.Model):
    _name = "shopify.proof"
    _inherit = ["shopify.proof", "shopify.store.column"]


class ShopifyLocation(models.Model):
    _name = "shopify.location"
    _inherit = ["shopify.location", "shopify.store.column"]


class ShopifyStockLevel(models.Model):
    _name = "shopify.stock.level"
    _inherit = ["shopify.stock.level", "shopify.store.column"]


class ShopifyWebhookEvent(models.Model):
    _name = "shopify.webhook.event"
    _inherit = ["shopify.webhook.event", "shopify.store.column"]


class ShopifyPaymentGateway(models.Model):
    _name = "shopify.payment.gateway"
    _inherit = ["shopify.payment.gateway", "shopify.store.entered"]


class ShopifyFinancialStatus(models.Model):
    _name = "shopify.financial.status"
    _inherit = ["shopify.financial.status", "shopify.store.entered"]


class ShopifyPayoutAccount(models.Model):
    _name = "shopify.payout.account"
    _inherit = ["shopify.payout.account", "shopify.store.entered"]


class ShopifyPayout(models.Model):
    _name = "shopify.payout"
    _inherit = ["shopify.payout", "shopify.store.column"]


class ShopifyDispute(models.Model):
    _name = "shopify.dispute"
    _inherit = ["shopify.dispute", "shopify.store.column"]


class ShopifyCause(models.Model):
    _name = "shopify.cause"
    _inherit = ["shopify.cause", "shopify.store.column"]


class ShopifyCheck(models.Model):
    _name = "shopify.check"
    _inherit = ["shopify.check", "shopify.store.column"]


class ShopifyPayoutLine(models.Model):
    _name = "shopify.payout.line"
    _inherit = ["shopify.payout.line", "shopify.store.column"]


class ShopifyMonthEnd(models.Model):
    _name = "shopify.month.end"
    _inherit = ["shopify.month.end", "shopify.store.column"]


class ShopifyMonthEndLine(models.Model):
    _name = "shopify.month.end.line"
    _inherit = ["shopify.month.end.line", "shopify.store.column"]


class ShopifySettlementMap(models.Model):
    _name = "shopify.settlement.map"
    _inherit = ["shopify.settlement.map", "shopify.store.column"]


class ShopifyTaxMapping(models.Model):
    _name = "shopify.tax.mapping"
    _inherit = ["shopify.tax.mapping", "shopify.store.column"]


class ShopifyFeed(models.Model):
    _name = "shopify.feed"
    _inherit = ["shopify.feed", "shopify.store.column"]
