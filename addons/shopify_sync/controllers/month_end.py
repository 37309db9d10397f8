"""The month end as a file."""

from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MonthEndController(Controller):
    @route("/shopify_sync/month_end/<int:ident>.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def workbook(self, ident, **_options):
        """A counted month as a workbook; nothing there for those who may not read it."""
        months = request.env["shopify.month.end"]
        found = months.search([("id", "=", ident)]) if months.has_access("read") else months
        if not found:
            raise request.not_found()
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{found.name}.xlsx")),
        ]
        return request.make_response(found._workbook(), headers=headers)
