"""Whom a person's task goes to, and that there is one of it for a document and a cause."""

from odoo import api, models

GROUP = "shopify_sync.group_manager"
TODO = "mail.mail_activity_data_todo"


class ShopifyTask(models.AbstractModel):
    """Asks one person to do something about a document: an activity that is renewed, not doubled, and that is withdrawn
    when its cause is gone."""

    _name = "shopify.task"
    _description = "Shopify Task of a Person"

    @api.model
    def _ask(self, instance, record, cause, summary, note=False, *, first=None, deadline=None, kind=TODO):
        """Ask, or renew what was asked before.

        :param cause: what the connector asks for; one open activity of a document each
        :param first: whom to ask if he is a real user who may see the document, before all others
        :return: the activity
        """
        record.ensure_one()
        open_one = self._open(record, cause)[:1]
        if open_one:
            wanted = {"summary": summary, "note": note}
            if deadline:
                wanted["date_deadline"] = deadline
            if not self._is_real(open_one.user_id, record):
                wanted["user_id"] = self._person(instance, record, first).id
            open_one.write(wanted)
            return open_one
        activity = record.activity_schedule(
            kind, date_deadline=deadline, summary=summary, note=note, user_id=self._person(instance, record, first).id
        )
        # the mark is the connector's, whoever's activity it is
        activity.sudo().shopify_cause = cause
        return activity

    @api.model
    def _withdraw(self, records, cause):
        """The cause is gone."""
        self._open(records, cause).unlink()

    @api.model
    def _open(self, records, cause):
        # what the connector asked for is its own, whoever's activity it is
        activities = self.env["mail.activity"].sudo()
        return activities.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids), ("shopify_cause", "=", cause)]
        )

    @api.model
    def _person(self, instance, record, first=None):
        """Whom a task about a document goes to: the document's own salesperson or responsible, a user chosen in the
        store's settings of activities and alerts, the store's responsible or creator, any Shopify Manager of its company.
        Never OdooBot; empty only when nobody of these may see the document."""
        # who is who is looked up for the connector, whoever the job runs as
        store, record = instance.sudo(), record.sudo()
        orders = [record[name] for name in ("sale_id", "order_id") if getattr(record[:1], name, None)]
        of_document = [one.user_id for one in (record, *orders) if "user_id" in one._fields]
        chosen = (store.activity_user_ids.sorted("id"), store.alert_user_ids.sorted("id"))
        of_store = (store.user_id, store.job_user_id, store.create_uid)
        for users in ([first] if first else []), of_document, chosen, of_store:
            for user in users and [one for some in users for one in some]:
                if self._is_real(user, record):
                    return user
        managers = self.env["res.users"].sudo()
        managers = managers.search(
            [
                ("all_group_ids", "in", self.env.ref(GROUP).id),
                ("company_ids", "in", store.company_id.id),
                ("share", "=", False),
            ],
            order="id",
        )
        return next((user for user in managers if self._is_real(user, record)), managers.browse())

    @api.model
    def _is_real(self, user, record):
        """A person who can do something: active, not OdooBot, and may see the document."""
        user = user.sudo()
        if not user or not user.active or user.share or user == self.env.ref("base.user_root"):
            return False
        companies = user.company_ids.ids
        return record.with_user(user).with_context(allowed_company_ids=companies).has_access("read")
