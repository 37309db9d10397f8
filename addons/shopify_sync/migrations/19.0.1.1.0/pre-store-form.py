"""The settings moved from the store's form to a page of their own: views that extended its pages are emptied before it changes.

Odoo checks a view together with those that extend it, and would find the former ones without their pages. The update fills
those that still exist again, and removes the others.
"""


def migrate(cr, version):
    cr.execute(
        """WITH RECURSIVE extending AS (
               SELECT view.id
                 FROM ir_ui_view view
                 JOIN ir_model_data form ON form.model = 'ir.ui.view' AND form.res_id = view.inherit_id
                WHERE form.module = 'shopify_sync' AND form.name = 'shopify_instance_view_form'
                UNION
               SELECT view.id FROM ir_ui_view view JOIN extending ON view.inherit_id = extending.id
           )
           UPDATE ir_ui_view SET arch_db = '{"en_US": "<data/>"}'::jsonb
            WHERE id IN (SELECT id FROM extending)
              AND id IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.ui.view' AND module = 'shopify_sync')"""
    )
