"""Why an order cannot be imported yet, and where to mend it."""

from odoo import api, models

from .outcome import Outcome
from .resolve_product import key_of


class ShopifyOrderChecks(models.AbstractModel):
    """Each check gives an outcome, or None when the order may go on. Nothing of the order exists in Odoo until all
    pass."""

    _name = "shopify.order.checks"
    _description = "Shopify Order Checks"

    @api.model
    def _left_out(self, instance, order, by_id):
        """Orders that the store's settings leave out.

        :param by_id: a person asked for this order
        """
        if not by_id and order.created_at < instance.import_order_after:
            return Outcome.skip(
                "too_old",
                self.env._(
                    "Order %(order)s was created before %(date)s, from which on this store imports orders.",
                    order=order.name,
                    date=instance.import_order_after,
                ),
            )
        rule = self.env["shopify.order.rule"]._of(instance, order).filtered("skip")[:1]
        if rule and not by_id:
            return Outcome.skip(
                "rule",
                self.env._("Order %(order)s is left out by the rule '%(rule)s'.", order=order.name, rule=rule.name),
            )
        if order.is_cancelled and not instance.import_cancelled:
            return Outcome.skip(
                "cancelled",
                self.env._("Order %s was cancelled in Shopify before it was imported.", order.name),
            )
        return None

    @api.model
    def _workflow_missing(self, instance, order, resolved):
        for code in order.gateways.codes:
            workflow = resolved.workflow(order, code)
            keys = (
                self.env["shopify.financial.status"]._wait_key(code, order.financial_status, order.order_status),
                f"gateway:{code}",
            )
            if not workflow:
                return Outcome.failure(
                    "configuration",
                    "no_workflow",
                    self.env._(
                        "Order %(order)s: no workflow for %(combination)s. Choose one under Financial Status; the order "
                        "is then imported by itself.",
                        order=order.name,
                        combination=self.env["shopify.resolve.order"]._status_text(order, code),
                    ),
                    wait_keys=keys,
                    fix_action="financial_status",
                    fix_context={
                        "instance_id": instance.id,
                        "gateway_id": resolved.gateways[code].id,
                        "financial_status": order.financial_status,
                        "order_status": order.order_status,
                    },
                )
            missing = workflow._missing()
            if missing:
                return Outcome.failure(
                    "configuration",
                    "workflow_incomplete",
                    self.env._(
                        "Order %(order)s: the workflow '%(workflow)s' lacks %(missing)s.",
                        order=order.name,
                        workflow=workflow.name,
                        missing=missing,
                    ),
                    wait_keys=(f"workflow:{workflow.id}", *keys),
                    fix_action="workflow",
                    fix_context={"res_id": workflow.id},
                )
        return None

    @api.model
    def _tax_missing(self, instance, order, resolved):
        missing = sorted(order.tax_keys & resolved.missing_taxes, key=lambda key: key.title)
        if not missing:
            return None
        mapping = self.env["shopify.tax.mapping"]
        key = missing[0]
        names = ", ".join(f"{tax.title} {tax.percent}" for tax in missing)
        return Outcome.failure(
            "configuration",
            "tax_not_mapped",
            self.env._(
                "Order %(order)s: tax %(names)s is not mapped to a tax of Odoo. Map it, or let the store create "
                "unknown taxes.",
                order=order.name,
                names=names,
            ),
            wait_keys=(*(f"tax:{mapping._key_of(tax)}" for tax in missing), f"setting:{instance.id}"),
            fix_action="tax_mapping",
            fix_context=mapping._prepare_mapping(instance, key),
        )

    @api.model
    def _product_missing(self, instance, order, resolved):
        """Lines whose product Odoo does not know, or knows more than once.

        :return: (outcome or None, ids of products to read from Shopify first)
        """
        unknown = []
        for line in order.lines:
            if line.kind != "product":
                continue
            key = key_of(line)
            candidates = resolved.products.ambiguous.get(key)
            if candidates:
                return self._ambiguous(order, line, candidates), ()
            if key not in resolved.products.found and line.variant_id:
                unknown.append(line)
        if not unknown or instance.unknown_product == "placeholder":
            return None, ()
        to_fetch = tuple(dict.fromkeys(line.product_id for line in unknown if line.product_id))
        if instance.unknown_product == "fetch" and instance.product_create and to_fetch:
            return None, to_fetch
        names = ", ".join(f"{line.title} (SKU {line.sku or '-'}, barcode {line.barcode or '-'})" for line in unknown)
        keys = [f"sku:{line.sku}" for line in unknown if line.sku]
        keys += [f"barcode:{line.barcode}" for line in unknown if line.barcode]
        return (
            Outcome.failure(
                "configuration",
                "unknown_product",
                self.env._(
                    "Order %(order)s: Odoo has no product for %(names)s. Give the SKU to a product, or let the store "
                    "create missing products (in its settings: Create Missing Odoo Products, and Product on an Unknown Line "
                    "'Create by fetching'); the order is then imported by itself.",
                    order=order.name,
                    names=names,
                ),
                wait_keys=(*keys, f"setting:{instance.id}"),
                sku=unknown[0].sku,
                fix_action="product",
                fix_context={"default_code": unknown[0].sku},
            ),
            (),
        )

    @api.model
    def _ambiguous(self, order, line, candidates):
        names = ", ".join(candidates.mapped("display_name"))
        return Outcome.failure(
            "data",
            "ambiguous_product",
            self.env._(
                "Order %(order)s: SKU %(sku)s (barcode %(barcode)s) belongs to several products: %(names)s. Leave it "
                "to one of them.",
                order=order.name,
                sku=line.sku or "-",
                barcode=line.barcode or "-",
                names=names,
            ),
            wait_keys=tuple(
                key for key in (line.sku and f"sku:{line.sku}", line.barcode and f"barcode:{line.barcode}") if key
            ),
            sku=line.sku,
            fix_action="product",
            fix_context={"res_id": candidates[0].id},
        )
