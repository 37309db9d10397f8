"""Rules for orders by tag or sales channel: leave out, tag, team, analytic account."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestOrderRules(LifeCase):
    def rule(self, name="Rule", **values):
        return self.env["shopify.order.rule"].create({"instance_id": self.instance.id, "name": name, **values})

    def test_a_tagged_order_is_left_out_and_the_reason_names_the_rule(self):
        self.rule("No wholesale", tags="Wholesale, b2b", skip=True)
        order, other = self.place(tags=["WHOLESALE"]), self.place(tags=["retail"])
        self.sync()
        self.assertFalse(self.sale_order(order))
        self.assertEqual(self.queue_line(order).state, "skipped")
        self.assertIn("No wholesale", self.queue_line(order).message)
        self.assertTrue(self.sale_order(other))

    def test_an_order_left_out_by_a_rule_comes_when_a_person_asks_for_it(self):
        self.rule(tags="wholesale", skip=True)
        order = self.place(tags=["wholesale"])
        self.sync()
        self.import_orders(order)
        self.assertTrue(self.sale_order(order))

    def test_tags_team_and_analytic_account_are_set(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        account = self.env["account.analytic.account"].create({"name": "VIP", "plan_id": plan.id})
        team = self.env["crm.team"].create({"name": "VIP"})
        tag = self.env["crm.tag"].create({"name": "Gold"})
        self.rule(tags="vip", tag_ids=[Command.link(tag.id)], team_id=team.id, analytic_account_id=account.id)
        sale = self.bring(tags=["VIP"])
        self.assertIn(tag, sale.tag_ids)
        self.assertEqual(sale.team_id, team)
        expected = {str(account.id): 100}
        self.assertTrue(all(line.analytic_distribution == expected for line in sale.order_line))

    def test_an_analytic_account_of_a_rule_is_on_invoice_and_credit_note(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        account = self.env["account.analytic.account"].create({"name": "VIP", "plan_id": plan.id})
        self.rule(tags="vip", analytic_account_id=account.id)
        order = self.place(tags=["vip"])
        self.sync()
        self.happens("refund", order, {self.skus[0]: 1}, shipping=True)
        lines = self.moves(order).invoice_line_ids
        self.assertEqual(len(self.moves(order)), 2)
        self.assertTrue(all(line.analytic_distribution == {str(account.id): 100} for line in lines))

    def test_a_later_rule_overrides_an_earlier_ones_team_and_tags_add_up(self):
        teams = self.env["crm.team"].create([{"name": "First"}, {"name": "Second"}])
        tags = self.env["crm.tag"].create([{"name": "First"}, {"name": "Second"}])
        for number in (0, 1):
            self.rule(tags="vip", sequence=number, team_id=teams[number].id, tag_ids=[Command.link(tags[number].id)])
        sale = self.bring(tags=["vip"])
        self.assertEqual(sale.team_id, teams[1])
        self.assertLessEqual(tags, sale.tag_ids)

    def test_a_rule_by_channel_fits_its_channel_only(self):
        order = self.place()
        self.sync()
        channel = self.sale_order(order).shopify_channel
        self.rule(channels=f" {channel.upper()} ", skip=True)
        self.rule(channels="Somewhere else", skip=True)
        self.assertEqual(self.preview_effects(), ["skip"])

    def preview_effects(self):
        order = self.place()
        self.sync()
        return ["create" if self.sale_order(order) else "skip"]

    def test_a_rule_without_a_condition_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "at least one tag or sales channel"):
            self.rule(tags=" , ", skip=True)
