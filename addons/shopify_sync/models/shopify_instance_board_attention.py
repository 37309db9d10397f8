"""What waits for a person, on the card of its store."""

from odoo import models

from .operations import OUT_KINDS
from .shopify_instance_board_lists import (
    CHANGED,
    DIFFERS,
    REFUNDED,
    RISKY,
    SET_ASIDE,
    TO_ANSWER,
    TO_SEND,
    UNCONFIGURED,
    UNMAPPED,
)


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _board_attention(self):
        """Entries of the attention row, the most urgent first; a store shows those of which it has some.

        Other areas add theirs: an entry here, and the list of the same key in `_board_lists`.

        :return: list of {key, label, level: `danger` or `warning`, counts: {store: number}}, with `manager` when only
            managers can mend it
        """

        def counts(model, domain, field="shopify_instance_id"):
            return dict(self.env[model]._read_group([*domain, (field, "in", self.ids)], [field], ["__count"]))

        failed, waiting, outgoing = self._board_open_lines()
        return [
            {"key": "failed", "label": self.env._("failed lines"), "level": "danger", "counts": failed},
            {
                "key": "risky",
                "label": self.env._("risky quotations"),
                "level": "danger",
                "counts": counts("sale.order", RISKY),
            },
            {
                "key": "gateways",
                "label": self.env._("unmapped payments"),
                "level": "danger",
                "counts": counts("shopify.payment.gateway", UNMAPPED, "instance_id"),
                "manager": True,
            },
            {
                "key": "differs",
                "label": self.env._("orders whose total differs"),
                "level": "danger",
                "counts": counts("sale.order", DIFFERS),
            },
            {
                "key": "changes",
                "label": self.env._("changes to confirm"),
                "level": "danger",
                "counts": counts("sale.order", CHANGED),
            },
            {
                "key": "refunds",
                "label": self.env._("refunds to confirm"),
                "level": "danger",
                "counts": counts("sale.order", REFUNDED),
            },
            *self._board_payouts(counts),
            {"key": "waiting", "label": self.env._("waiting to come in"), "level": "warning", "counts": waiting},
            {"key": "outgoing", "label": self.env._("waiting to go out"), "level": "warning", "counts": outgoing},
            {
                "key": "to_send",
                "label": self.env._("products with changes to send"),
                "level": "warning",
                "counts": counts("shopify.product", TO_SEND, "instance_id"),
            },
        ]

    def _board_payouts(self, counts):
        """Entries about payouts: for those who may see them.

        :param counts: function of a model, a domain and the store's field: {store: number}
        """
        if not self.env["shopify.payout"].has_access("read"):
            return []
        return [
            {
                "key": "payouts",
                "label": self.env._("payouts to configure"),
                "level": "danger",
                "counts": counts("shopify.payout", UNCONFIGURED, "instance_id"),
            },
            {
                "key": "payouts_aside",
                "label": self.env._("payouts set aside"),
                "level": "danger",
                "counts": counts("shopify.payout", SET_ASIDE, "instance_id"),
            },
            {
                "key": "disputes",
                "label": self.env._("disputes to answer"),
                "level": "danger",
                "counts": counts("shopify.dispute", TO_ANSWER, "instance_id"),
            },
        ]

    def _board_open_lines(self):
        """Numbers of failed lines, of lines waiting to come in and of lines waiting to go out, by store."""
        failed, waiting, outgoing = {}, {}, {}
        groups = self.env["shopify.queue.line"]._read_group(
            [("state", "in", ("draft", "failed")), ("instance_id", "in", self.ids)],
            ["instance_id", "kind", "state"],
            ["__count"],
        )
        for store, kind, state, count in groups:
            numbers = failed if state == "failed" else outgoing if kind in OUT_KINDS else waiting
            numbers[store] = numbers.get(store, 0) + count
        return failed, waiting, outgoing
