"""The settings moved from the store's form to a page of their own: views that extended pages of it go before the form changes.

Odoo checks a view together with those that extend it, and would find the former ones without their pages. Those that still
exist are made anew by the update.
"""


def migrate(cr, version):
    cr.execute(
        """WITH ours AS (
               SELECT view.id
                 FROM ir_ui_view view
                 JOIN ir_model_data own ON own.model = 'ir.ui.view' AND own.res_id = view.id AND own.module = 'shopify_sync'
                 JOIN ir_model_data form ON form.model = 'ir.ui.view' AND form.res_id = view.inherit_id
                WHERE form.module = 'shopify_sync' AND form.name = 'shopify_instance_view_form'
           ), gone AS (
               DELETE FROM ir_model_data WHERE model = 'ir.ui.view' AND res_id IN (SELECT id FROM ours)
           )
           DELETE FROM ir_ui_view WHERE id IN (SELECT id FROM ours)"""
    )
