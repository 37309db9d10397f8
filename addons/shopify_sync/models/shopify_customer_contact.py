"""Contacts of Odoo that are, or shall be, customers of a store."""

from odoo import models

from ..mapping import phone_key


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _shopify_phone(self):
        """The phone as Shopify takes it: + and digits. Without a country code Shopify adds the one of the shop."""
        self.ensure_one()
        phone = (self.phone or "").strip()
        # with Odoo's module of phone validation the contact's country gives the code
        if hasattr(self, "_phone_format"):
            phone = self._phone_format(fname="phone") or phone
        return f"+{phone_key(phone)}" if phone.startswith(("+", "00")) else phone

    def _shopify_export_problem(self, instance):
        """Why the contact cannot be a customer of the store; '' when it can."""
        self.ensure_one()
        if not self.active:
            return self.env._("archived")
        if self.company_id and self.company_id != instance.company_id:
            return self.env._("belongs to another company than the store")
        if self.type != "contact" and self.parent_id:
            return self.env._("is an address of %s", self.parent_id.display_name)
        if self.shopify_company_ref:
            return self.env._("is a company of Shopify's own (B2B); send its persons")
        if self.email and not self.email_normalized:
            return self.env._("its e-mail “%s” is no address", self.email)
        if not self.email and not self.phone:
            return self.env._("has neither e-mail nor phone, so that it could not be found again in Shopify")
        return ""

    def _shopify_open_export(self, instance=None):
        """The dialog that sends contacts to Shopify."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_customer_export_action")
        context = {"active_model": self._name, "active_ids": self.ids}
        if instance:
            context["default_instance_id"] = instance.id
        return {**action, "context": context}

    def action_shopify_export(self):
        return self._shopify_open_export()
