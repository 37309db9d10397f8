"""Settings of a store: who is told of trouble, how soon, and who gets the digest."""

from odoo import api, fields, models
from odoo.addons.mail.tools.mail_validation import mail_validate
from odoo.exceptions import UserError, ValidationError

#: Groups of processes that activities can be made for, by the kinds of their queues.
ACTIVITY_KINDS = {
    "order_unshipped": "orders",
    "order_shipped": "orders",
    "customer": "orders",
    "product": "products",
    "product_export": "products",
    "stock_export": "stock",
    "order_cancel": "out",
    "refund": "out",
    "fulfilment": "out",
    "customer_export": "out",
}


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    alert_mail = fields.Boolean(
        string="Alert E-mail",
        help="What needs a person is told by e-mail: one e-mail with a table, never one for each record.",
    )
    alert_user_ids = fields.Many2many(
        "res.users",
        "shopify_instance_alert_user_rel",
        string="To Users",
        domain=[("share", "=", False)],
        help="Users who get the alert e-mail, for example the shop manager.",
    )
    alert_emails = fields.Char(
        string="To Addresses",
        help="Further addresses, separated by commas, for example the integrator's: help@example.com.",
    )
    alert_severity = fields.Selection(
        [("error", "Errors"), ("warning", "Warnings and errors")],
        string="From Severity",
        required=True,
        default="error",
    )
    alert_delay = fields.Integer(
        string="Collect For",
        default=15,
        help="Minutes that alerts are collected for before one e-mail tells of all. 0: at once. A sign-in that Shopify "
        "refuses is always told at once.",
    )
    alert_repeat = fields.Integer(
        string="Repeat Unsolved Every", default=24, help="Hours after which what is not solved is told again. 0: never."
    )
    activity_on = fields.Boolean(
        string="Schedule Activities", help="A failure makes an activity for each responsible user, one for a cause."
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        default=lambda self: self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False),
        ondelete="restrict",
    )
    activity_user_ids = fields.Many2many(
        "res.users",
        "shopify_instance_activity_user_rel",
        string="Responsible Users",
        domain=[("share", "=", False)],
    )
    activity_days = fields.Integer(string="Deadline in Days", default=1)
    activity_orders = fields.Boolean(string="Orders and Customers", default=True)
    activity_products = fields.Boolean(string="Products and Pictures", default=True)
    activity_stock = fields.Boolean(string="Stock Levels", default=True)
    activity_out = fields.Boolean(string="Shipments, Refunds, Cancels", default=True)
    activity_other = fields.Boolean(
        string="Everything Else", default=True, help="The connection, schedules, webhooks and so on."
    )
    digest_on = fields.Boolean(string="Digest E-mail", help="A summary of the store's period, by e-mail.")
    digest_frequency = fields.Selection(
        [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly"), ("quarterly", "Quarterly")],
        string="Every",
        required=True,
        default="weekly",
        help="Whole days, weeks from Monday, months or quarters in the store's time zone. It is sent when the period is "
        "over.",
    )
    digest_user_ids = fields.Many2many(
        "res.users", "shopify_instance_digest_user_rel", string="Recipients", domain=[("share", "=", False)]
    )
    digest_emails = fields.Char(string="More Recipients", help="Addresses, separated by commas.")
    digest_until = fields.Datetime(copy=False, help="The end of the last period that a digest was made for.")

    _alert_delay_positive = models.Constraint(
        "CHECK(alert_delay >= 0 AND alert_repeat >= 0 AND activity_days >= 0)",
        "Minutes, hours and days cannot be negative.",
    )

    @api.constrains("alert_emails", "digest_emails")
    def _check_addresses(self):
        for instance in self:
            for address in self._split(instance.alert_emails) + self._split(instance.digest_emails):
                if not mail_validate(address):
                    raise ValidationError(self.env._("%s is not an e-mail address.", address))

    @api.model
    def _split(self, text):
        return [part.strip() for part in (text or "").replace(";", ",").split(",") if part.strip()]

    def _recipients(self, what):
        """Addresses of an e-mail, each once.

        :param what: alert or digest
        """
        self.ensure_one()
        users = self[f"{what}_user_ids"].filtered("active").mapped("email")
        return list(dict.fromkeys(filter(None, [*users, *self._split(self[f"{what}_emails"])])))

    def _activity_for(self, log):
        """Whether a failure makes an activity in this store."""
        kind = log.queue_line_id.kind
        return self[f"activity_{ACTIVITY_KINDS.get(kind, 'other')}"]

    def _mail(self, what, subject, template, values):
        """An e-mail of this store, in its language, put into Odoo's queue of outgoing e-mails.

        :return: the e-mail; empty when nobody gets it
        """
        self.ensure_one()
        addresses = self._recipients(what)
        # e-mails of the connector are made by its jobs, which may not write e-mails
        mails = self.env["mail.mail"].sudo()
        if not addresses:
            return mails
        body = self.env["ir.qweb"]._render(template, {"store": self, "env": self.env, **values})
        company = self.company_id
        mail = mails.create(
            {
                "subject": subject,
                "body_html": body,
                "email_to": ", ".join(addresses),
                "email_from": company.email_formatted or self.env.user.email_formatted or False,
                "auto_delete": False,
                "model": self._name,
                "res_id": self.id,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mail

    def action_alert_test(self):
        """Send a test to the recipients of alerts, now."""
        self.ensure_one()
        self.check_access("write")
        store = self._for_jobs()
        mail = store._mail(
            "alert",
            self.env._("%s: test of the alert e-mail", self.name),
            "shopify_sync.alert_mail",
            {"new": [], "repeated": [], "solved": [], "held": [], "test": True, "link": store._alert_link, "more": 0},
        )
        if not mail:
            raise UserError(self.env._("Choose a user with an e-mail address, or enter an address, and save first."))
        addresses, sent_to = mail.email_to, mail.sudo()
        sent_to.send()
        if sent_to.exists() and sent_to.state == "exception":
            raise UserError(
                self.env._("Odoo could not send it: %s", sent_to.failure_reason or sent_to.failure_type or "")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("A test was sent to %s.", addresses)},
        }

    def _alert_link(self, record):
        return f"{self.get_base_url()}/odoo/{record._name}/{record.id}"
