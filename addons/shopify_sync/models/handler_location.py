"""Locations of a store as an operation: created and updated, deactivated ones, too."""

from odoo import api, models

from .page import Page


class ShopifyHandlerLocation(models.AbstractModel):
    _name = "shopify.handler.location"
    _description = "Shopify Location Handler"

    @api.model
    def _fetch_page(self, instance, run):
        """Read all locations (a store has at most a few hundred); called without an open transaction."""
        found = self.env["shopify.location"]._fetch(instance)
        return Page(records=found, seen=len(found))

    @api.model
    def _store_records(self, run, records):
        """Write them; no queue is filled.

        :return: how many were written
        """
        self.env["shopify.location"]._store(run.instance_id, records)
        return len(records)
