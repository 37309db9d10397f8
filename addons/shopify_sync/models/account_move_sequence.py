"""Numbers of many entries that are made at once."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_last_sequence(self, relaxed=False, with_prefix=None):
        """Entries of one payout share their journal and day: their last number is looked up once a batch, as Odoo counts on
        from there by itself. The look-up before each entry would write the one before it first.

        The context key `shopify_last_sequences` holds what was looked up.
        """
        known = self.env.context.get("shopify_last_sequences")
        if known is None or len(self) != 1:
            return super()._get_last_sequence(relaxed=relaxed, with_prefix=with_prefix)
        key = self.journal_id.id, self.date, relaxed, with_prefix
        if key not in known:
            known[key] = super()._get_last_sequence(relaxed=relaxed, with_prefix=with_prefix)
        return known[key]
