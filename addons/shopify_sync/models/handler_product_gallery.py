"""Pictures of products that are in Shopify: new bytes in the same place, their order, their texts."""

from odoo import api, models

from .. import shopify_api
from ..mapping import product_gallery
from .handler_product_export import MANY, chunks

#: Pictures or collections of a product in one request, files in one request, products whose new pictures are read.
PAGE, FILES, MADE = 100, 100, 50
_LISTS = {"media": "products/ProductMedia", "collections": "products/ProductCollections"}


class ShopifyHandlerProductExport(models.AbstractModel):
    _inherit = "shopify.handler.product.export"

    @api.model
    def _busy_text(self):
        return self.env._("Shopify is still working on the former picture. Send this one again in a minute.")

    @api.model
    def _read_rest(self, instance, node):
        """Read the rest of the pictures and collections of a product that has many: what is not read would count as
        missing in Shopify, and be added once more."""
        for name, document in _LISTS.items():
            page = (node.get(name) or {}).get("pageInfo") or {}
            while page.get("hasNextPage"):
                variables = {"id": node["id"], "first": PAGE, "after": page["endCursor"]}
                more = self._ask(instance, document, variables)["product"][name]
                node[name]["nodes"] += more["nodes"]
                page = more["pageInfo"]

    @api.model
    def _know_pictures(self, sent):
        """Pictures that an earlier attempt has added, its answer lost, are not sent once more."""
        if "image" in sent.job.parts:
            sent.media.update(product_gallery.arrived(sent.job.local, sent.node))
            sent.job.local = product_gallery.with_ids(sent.job.local, sent.media)

    @api.model
    def _read_made_pictures(self, instance, sents):
        """Read which pictures products have that a bulk operation has made."""
        for group in chunks([sent for sent in sents if sent.created and sent.adding], MADE):
            ids = [sent.created["id"] for sent in group]
            nodes = self._ask(instance, "products/MediaOfProducts", {"ids": ids})["nodes"]
            for sent, node in zip(group, nodes, strict=True):
                self._note_media(sent, [one["id"] for one in node["media"]["nodes"]] if node else [])

    @api.model
    def _replace_pictures(self, instance, sent):
        """Give pictures new bytes; id, place and variants stay. One that does not take them is added as a new one."""
        texts = {one.layer_id: one.alt for one in sent.job.local.images}
        rows = [
            (layer_id, {"id": gid, "originalSource": sent.sources[layer_id], "alt": texts[layer_id]})
            for layer_id, gid in sent.plan.replaced.items()
            if layer_id in sent.sources
        ]
        for chunk in chunks(rows, FILES):
            try:
                self._replace(instance, sent, chunk)
            except shopify_api.UserErrors as error:
                if error.heals:
                    raise
                for row in chunk:  # Shopify takes all or none: each by itself, so that one refusal leaves the others
                    self._replace_alone(instance, sent, row)
            except shopify_api.AccessDenied as denied:
                self._give_up(sent, dict.fromkeys([layer_id for layer_id, _row in chunk], denied.message))

    @api.model
    def _replace(self, instance, sent, rows):
        self._ask(instance, "products/FileUpdate", {"files": [row for _layer_id, row in rows]})
        sent.nothing_sent = False
        sent.replaced.update((layer_id, row["id"]) for layer_id, row in rows)

    @api.model
    def _replace_alone(self, instance, sent, row):
        try:
            self._replace(instance, sent, [row])
        except shopify_api.UserErrors as error:
            if error.heals:
                raise
            self._give_up(sent, {row[0]: error.message})

    @api.model
    def _give_up(self, sent, reasons):
        for layer_id, reason in reasons.items():
            sent.not_replaced[layer_id] = sent.plan.replaced[layer_id]
            sent.picture_problems[layer_id] = self.env._(
                "Shopify did not take it in place of the former picture (%s). It was added as a new one.", reason
            )

    @api.model
    def _detach_former(self, instance, sent):
        """Take former pictures that Odoo had sent off the product, once the new one is there; the file stays in Shopify."""
        own = {one.layer_id for one in sent.job.local.images if one.from_odoo}
        for layer_id, former in sent.not_replaced.items():
            if layer_id not in sent.media:
                continue
            if layer_id not in own:
                self._note_former(sent, layer_id, self.env._("it came from Shopify"))
                continue
            file = {"id": former, "referencesToRemove": [sent.node["id"]]}
            try:
                self._ask(instance, "products/FileUpdate", {"files": [file]})
            except (shopify_api.UserErrors, shopify_api.AccessDenied) as refused:
                if refused.heals:
                    raise
                self._note_former(sent, layer_id, refused.message)

    @api.model
    def _note_former(self, sent, layer_id, reason):
        text = self.env._("The former one stays in Shopify: %s.", reason.rstrip("."))
        sent.picture_problems[layer_id] = f"{sent.picture_problems[layer_id]} {text}"

    @api.model
    def _order_pictures(self, instance, sent):
        """Bring the pictures into Odoo's order when it was changed there; those that only Shopify has stay in their places."""
        if "image" not in sent.job.parts or not (sent.plan.moves or sent.job.local.reordered):
            return
        former = {gid for layer_id, gid in sent.not_replaced.items() if layer_id in sent.media}
        present = [one["id"] for one in (sent.node.get("media") or {}).get("nodes", ()) if one["id"] not in former]
        present += [gid for gid in sent.media.values() if gid not in present]
        images = sent.job.local.images
        moves = product_gallery.moves(present, [sent.media.get(one.layer_id, one.shopify_id) for one in images])
        if moves:
            sent.nothing_sent = False
            self._ask(instance, "products/ReorderMedia", {"id": sent.node["id"], "moves": list(moves)})
        sent.ordered = tuple(one.layer_id for one in images)

    @api.model
    def _read_variant_pictures(self, instance, sents):
        """Read which pictures the variants have whose picture was changed in Odoo."""
        owners = {
            gid: sent
            for sent in sents
            if sent.node and "image" in sent.job.parts
            for gid in product_gallery.looked_at(sent.job.local, sent.job.only_changed)
        }
        for ids in chunks(list(owners), MANY):
            for one in self._ask(instance, "products/VariantPictures", {"ids": ids})["nodes"]:
                if one:
                    first = next(iter(one["media"]["nodes"]), {"id": ""})
                    owners[one["id"]].node.setdefault("variantMedia", {})[one["id"]] = first["id"]

    @api.model
    def _send_variant_pictures(self, instance, sent):
        """Give variants the pictures that they have in Odoo: the former one is taken off first, and stays with the product."""
        local, ids = sent.job.local, sent.variant_ids()
        if "image" in sent.job.parts:
            sent.pictured.update(product_gallery.settled(local, sent.node))
        pictures = {one.layer_id: one.shopify_id for one in local.images}
        # one that got new bytes just now is not ready again yet
        waiting = {*sent.replaced, *sent.not_replaced}
        rows = [one for one in sent.plan.variant_pictures if one.variant in ids and one.picture not in waiting]
        for chunk in chunks([one for one in rows if one.present], MANY):
            self._send_media_of(instance, sent, "Detach", [(ids[one.variant], one.present) for one in chunk])
        for chunk in chunks([one for one in rows if one.picture], MANY):
            self._send_media_of(instance, sent, "Append", [(ids[one.variant], pictures[one.picture]) for one in chunk])
        sent.pictured.update(one.variant for one in rows)

    @api.model
    def _send_media_of(self, instance, sent, what, pairs):
        rows = [{"variantId": variant, "mediaIds": [picture]} for variant, picture in pairs]
        variables = {"productId": sent.node["id"], "variantMedia": rows}
        self._ask(instance, f"products/Variants{what}Media", variables)
        sent.nothing_sent = False

    @api.model
    def _send_alts(self, instance, sent):
        """Alt texts of pictures that Shopify has already. Without the permission they are left, with a note."""
        for chunk in chunks([{"id": gid, "alt": alt} for gid, alt in sent.plan.alts], FILES):
            try:
                self._ask(instance, "products/FileUpdate", {"files": chunk})
            except shopify_api.AccessDenied as denied:
                sent.job.notes.append(("image_alt", denied.message))
                return
