"""Products sent to Shopify: read what is there, send what differs. Called with no transaction open."""

import time

from odoo import api, models

from .. import shopify_api
from ..mapping import product_diff, product_out
from .product_sent import Sent
from .spoken import speaking

#: Products read in one request, and those whose pictures, collections or metafields are read.
READ, READ_EXTRAS = 50, 20
#: Variants of a product read with it; those of bigger ones are read page by page.
VARIANTS = 50
#: Inputs of one request: what Shopify takes.
MANY = 250
#: A pass stops sending after this long (seconds); what is left of it is free for any worker. Shorter than the lease of its
#: lines, with room for one slow request.
BATCH_SECONDS = 150
#: Refusals that hold for every request to the store at the moment.
OF_THE_STORE = (shopify_api.Throttled, shopify_api.NotReachable, shopify_api.SignInRefused)
_EXTRAS = {"image", "collections", "metafields", "publish"}


class ShopifyHandlerProductExport(models.AbstractModel):
    """Sends a batch of products. One request a product and kind of change, or all of them in a bulk operation.

    Nothing is made twice: a product that is to be made is looked for by its handle and its SKUs first, Shopify refuses a
    handle that is taken, and the key of the export stays with the product: it tells ours from others' when an answer was
    lost. Everything else is a difference, which is gone once it was sent.
    """

    _name = "shopify.handler.product.export"
    _description = "Shopify Product Sender"

    @api.model
    def _ask(self, instance, document, variables, **options):
        answer = self.env["shopify.connection"]._execute(instance, document, variables, lane="catalogue", **options)
        return answer.data

    @api.model
    def _send_batch(self, instance, jobs, bulk=False):
        """Send products.

        :param jobs: `product_sent.Job` values
        :param bulk: leave the work to Shopify's bulk operations where many products need the same
        :return: [product_sent.Sent], one for each job
        """
        sents, until = [Sent(job) for job in jobs], time.monotonic() + BATCH_SECONDS
        self._look(instance, sents)
        self._plan(sents)
        if bulk:
            self.env["shopify.handler.product.bulk"]._wait_for_others(sents)
        self._whole(sents, lambda chosen: self._upload_pictures(instance, chosen, until))
        if bulk:
            self._whole(sents, lambda chosen: self.env["shopify.handler.product.bulk"]._start(instance, chosen))
        for sent in sents:
            if time.monotonic() > until:
                sent.released = sent.released or sent.open
            self._alone(sents, sent, lambda one: self._send_main(instance, one))
        self._whole(sents, lambda chosen: self._send_metafields(instance, chosen))
        self._whole(sents, lambda chosen: self._send_market_prices(instance, chosen))
        for sent in sents:
            self._alone(sents, sent, lambda one: self._send_publishing(instance, one))
        return sents

    @api.model
    def _whole(self, sents, work):
        """A step for all products that are still open; what stops it stops all of them."""
        chosen = [sent for sent in sents if sent.open]
        if not chosen:
            return
        try:
            work(chosen)
        except shopify_api.ShopifyError as error:
            for sent in chosen:
                if sent.open:
                    sent.error = error

    @api.model
    def _in_turn(self, groups, work):
        """A step for one group of products after the other. What holds for the whole store, as a used-up budget, stops the
        groups that follow; those before it go on."""
        stopped = None
        for group in groups:
            if stopped is None:
                self._whole(group, work)
                stopped = next((sent.error for sent in group if isinstance(sent.error, OF_THE_STORE)), None)
            else:
                for sent in group:
                    sent.error = stopped

    @api.model
    def _alone(self, sents, sent, work):
        """A step of one product; a refusal that holds for the whole store stops those after it too."""
        if not sent.open:
            return
        try:
            work(sent)
        except shopify_api.ShopifyError as error:
            sent.error = error
            if isinstance(error, OF_THE_STORE):
                for other in sents:
                    if other.open and other.nothing_sent:
                        other.error = error

    # Looking

    @api.model
    def _look(self, instance, sents):
        """Read the products that are there, and look for those that are to be made."""
        known = [sent for sent in sents if sent.job.local.shopify_id]
        self._in_turn(chunks(known, READ), lambda group: self._read(instance, group))
        rich = [sent for sent in known if sent.node and sent.job.parts & _EXTRAS]
        self._in_turn(chunks(rich, READ_EXTRAS), lambda group: self._read_extras(instance, group))
        for sent in rich:
            if sent.job.was_maybe_done and "media" in sent.node:
                self._know_pictures(sent)
        self._whole(rich, lambda chosen: self._read_variant_pictures(instance, chosen))
        new = [sent for sent in sents if not sent.job.local.shopify_id]
        self._in_turn(self._by_skus(new), lambda group: self._find_existing(instance, group))

    @api.model
    def _read(self, instance, sents):
        data = self._ask(
            instance,
            "products/ProductsToUpdate",
            {"ids": [sent.job.local.shopify_id for sent in sents], "variants": VARIANTS},
        )
        for sent, node in zip(sents, data["nodes"], strict=True):
            if not node:
                sent.problem = "gone"
                continue
            sent.node = node
            self._read_all_variants(instance, node)

    @api.model
    def _read_all_variants(self, instance, node):
        """Read the rest of the variants of a big product."""
        page = node["variants"]["pageInfo"]
        while page["hasNextPage"]:
            variables = {"id": node["id"], "after": page["endCursor"]}
            data = self._ask(instance, "products/VariantsToUpdate", variables)["product"]["variants"]
            node["variants"]["nodes"] += data["nodes"]
            page = data["pageInfo"]

    @api.model
    def _read_extras(self, instance, sents):
        parts = frozenset().union(*(sent.job.parts for sent in sents))
        fields_of = [one for sent in sents for one in sent.job.local.metafields]
        keys = {kind: sorted({f"{one.namespace}.{one.key}" for one in fields_of if bool(one.variant) is kind})
                for kind in (False, True)}  # fmt: skip
        variables = {
            "ids": [sent.node["id"] for sent in sents],
            "withImages": "image" in parts,
            "withCollections": "collections" in parts,
            "withPublications": "publish" in parts,
            "withMetafields": "metafields" in parts and bool(fields_of),
            "productKeys": keys[False] or ["-.-"],
            "variantKeys": keys[True] or ["-.-"],
        }
        for sent, extra in zip(sents, self._ask(instance, "products/ProductExtras", variables)["nodes"], strict=True):
            if extra:
                of_variants = {one["id"]: one for one in (extra.pop("variants", None) or {}).get("nodes", ())}
                sent.node.update(extra)
                for variant in sent.node["variants"]["nodes"]:
                    variant["metafields"] = of_variants.get(variant["id"], {}).get("metafields")
                self._read_rest(instance, sent.node)
                if keys[True] and variables["withMetafields"] and len(sent.node["variants"]["nodes"]) > 100:
                    self._read_variant_metafields(instance, sent.node, keys[True])

    @api.model
    def _read_variant_metafields(self, instance, node, keys):
        by_id, after = {one["id"]: one for one in node["variants"]["nodes"]}, None
        while True:
            variables = {"id": node["id"], "after": after, "variantKeys": keys}
            data = self._ask(instance, "products/VariantMetafields", variables)["product"]["variants"]
            for one in data["nodes"]:
                by_id.get(one["id"], {})["metafields"] = one["metafields"]
            if not data["pageInfo"]["hasNextPage"]:
                return
            after = data["pageInfo"]["endCursor"]

    @api.model
    def _by_skus(self, sents):
        """Groups of products of which one request can look for all SKUs and handles."""
        group, count = [], 0
        for sent in sents:
            size = max(1, sum(bool(one.sku) for one in sent.job.local.variants))
            if group and (count + size > MANY or len(group) >= 100):
                yield group
                group, count = [], 0
            group.append(sent)
            count += size
        if group:
            yield group

    @api.model
    def _find_existing(self, instance, sents):
        """Look for products with the same handle or SKU; one that an earlier attempt made is taken over."""
        skus = {one.sku for sent in sents for one in sent.job.local.variants if one.sku}
        handles = shopify_api.search.any_of("handle", [sent.job.local.new_handle for sent in sents])
        products, owners = {}, {}
        for chunk in chunks(sorted(skus), MANY) or [[]]:
            # a SKU that nothing has, so that the empty list does not find everything
            found = shopify_api.search.any_of("sku", chunk or ["-no-sku-"])
            variables = {"handles": handles, "skus": found, "namespace": "$app", "key": product_out.MARKER[1]}
            page = {"hasNextPage": True, "endCursor": None}
            while page["hasNextPage"]:  # a SKU may belong to any number of variants
                data = self._ask(instance, "products/ExistingProducts", {**variables, "after": page["endCursor"]})
                products.update((one["handle"], one) for one in data["products"]["nodes"])
                for one in data["productVariants"]["nodes"]:
                    owners.setdefault((one["sku"] or "").casefold(), {})[one["product"]["id"]] = one["product"]["title"]
                page = data["productVariants"]["pageInfo"]
        for sent in sents:
            self._judge_existing(instance, sent, products, owners)

    @api.model
    def _judge_existing(self, instance, sent, products, owners):
        local = sent.job.local
        same = products.get(local.new_handle)
        if same and (same["metafield"] or {}).get("value") == sent.job.key:
            sent.adopted = True  # an earlier attempt of this very line made it, its answer was lost
            return self._adopt(instance, sent, same["id"])
        candidates = {same["id"]: same["title"]} if same else {}
        for variant in local.variants:
            candidates.update(owners.get(variant.sku.casefold(), {}) if variant.sku else {})
        if len(candidates) == 1:
            ident, title = next(iter(candidates.items()))
            sent.existing = (ident, title, "handle" if same else "sku")
        elif candidates:
            sent.several = tuple(candidates.values())
        return None

    @api.model
    def _adopt(self, instance, sent, product_id):
        """Take over a product that an earlier attempt made: what is still missing there is a difference like any other."""
        variables = {"ids": [product_id], "variants": VARIANTS}
        node = self._ask(instance, "products/ProductsToUpdate", variables)["nodes"][0]
        self._read_all_variants(instance, node)
        sent.created = sent.node = node
        self._read_extras(instance, [sent])
        self._know_pictures(sent)

    # Planning

    @api.model
    def _plan(self, sents):
        for sent in sents:
            if not sent.open:
                continue
            job = sent.job
            if sent.node is None:
                continue
            publish, decided = job.channels or (None, frozenset())
            sent.plan = product_diff.compare(
                job.local,
                sent.node,
                job.parts,
                base=job.base,
                owners=job.owners,
                only_changed=job.only_changed,
                manual=job.manual,
                publish=publish,
                channels=decided,
            )
            sent.picture_problems.update(dict.fromkeys(sent.plan.busy, self._busy_text()))
            gone = {one["id"] for one in sent.plan.missing}
            if sent.plan.problem:
                sent.problem = sent.plan.problem
            elif job.channels and publish and sent.plan.product.get("status", sent.node["status"]) == "ARCHIVED":
                sent.problem = "archived"
            elif sent.plan.empty and not job.market and not gone.intersection(job.delete):
                sent.unchanged = True

    # Pictures

    @api.model
    def _upload_pictures(self, instance, sents, until):
        """Send the bytes of pictures to Shopify's file store: each once, whatever becomes of the product.

        :param until: products whose pictures are not sent by then (monotonic) have their turn in the next pass
        """
        wanted = [
            (sent, picture)
            for sent in sents
            if "image" in sent.job.parts
            for picture in sent.job.local.images
            if (picture.layer_id in {*sent.plan.pictures, *sent.plan.replaced} if sent.plan else picture.digest)
        ]
        for chunk in chunks(wanted, 100):
            chunk = [(sent, picture) for sent, picture in chunk if not sent.released]
            if time.monotonic() > until:
                for sent, _picture in chunk:
                    sent.released = True
                continue
            facts = self.env["shopify.product.pictures"]._facts(
                instance, [picture.layer_id for _sent, picture in chunk]
            )
            files = [
                {"filename": name, "mimeType": mime, "resource": "IMAGE", "httpMethod": "POST", "fileSize": str(size)}
                for name, mime, size in facts
            ]
            data = self._ask(instance, "products/StagedUploads", {"input": files}, idempotent=True)
            targets = data["stagedUploadsCreate"]["stagedTargets"]
            for (sent, picture), (name, mime, _size), target in zip(chunk, facts, targets, strict=True):
                if time.monotonic() > until:
                    sent.released = True
                    continue
                content = self.env["shopify.product.pictures"]._content(instance, picture.layer_id)
                with speaking(instance.env):
                    sent.sources[picture.layer_id] = shopify_api.upload(target, name, content, mime)

    @api.model
    def _with_sources(self, sent):
        """The product's values with the places its pictures were sent to."""
        local = sent.job.local
        return local.with_sources(sent.sources)

    # Sending

    @api.model
    def _send_main(self, instance, sent):
        """Make the product, or send what differs of it and its variants."""
        if sent.node is None:
            self._create(instance, sent)
        else:
            self._update(instance, sent)

    @api.model
    def _create_input(self, sent):
        job = sent.job
        values = product_out.create_input(self._with_sources(sent), job.parts, job.key, job.manual)
        if job.channels and job.channels[0]:
            values["status"] = "ACTIVE"  # a draft is hidden in every channel
        return values

    @api.model
    def _create(self, instance, sent):
        sent.nothing_sent = False
        try:
            data = self._ask(instance, "products/ProductSet", {"input": self._create_input(sent)})
        except shopify_api.UserErrors as error:
            if all(problem.code != "HANDLE_NOT_UNIQUE" for problem in error.problems):
                raise
            # somebody was quicker, or an earlier attempt of ours that was still under way
            self._find_existing(instance, [sent])
            if not (sent.adopted or sent.existing or sent.several):
                raise
            if sent.adopted:
                self._plan([sent])
            return
        self._note_created(instance, sent, data["productSet"]["product"])

    @api.model
    def _note_created(self, instance, sent, product):
        """Keep the ids of a product that was made, with all its variants."""
        sent.created = product
        if len(product["variants"]["nodes"]) < len(sent.job.local.variants):
            cursor = {"hasNextPage": True, "endCursor": None}
            product["variants"] = {"nodes": [], "pageInfo": cursor}
            self._read_all_variants(instance, product)
        if "media" in product:  # a bulk operation answers with one list of records only: there it is read apart
            self._note_media(sent, [one["id"] for one in product["media"]["nodes"]])

    @api.model
    def _note_media(self, sent, media_ids):
        """New pictures of the product, in the order in which they were sent."""
        order = [one.layer_id for one in sent.adding]
        sent.media.update(zip(order, media_ids[-len(order) :] if order else (), strict=False))

    @api.model
    def _update(self, instance, sent):
        plan, gid = sent.plan, sent.node["id"]
        self._replace_pictures(instance, sent)
        product, media = self._product_input(sent)
        if product or media:
            sent.nothing_sent = False
            try:
                variables = {"product": {"id": gid, **product}, "media": media}
                data = self._ask(instance, "products/ProductUpdate", variables)
            except shopify_api.UserErrors as error:
                if not handle_is_taken(product, error):
                    raise
                sent.problem = "handle_taken"
                return
            self._note_media(sent, [one["id"] for one in data["productUpdate"]["product"]["media"]["nodes"]])
        self._detach_former(instance, sent)
        self._order_pictures(instance, sent)
        for chunk in chunks(list(plan.variants), MANY):
            sent.nothing_sent = False
            self._ask(instance, "products/VariantsBulkUpdate", {"productId": gid, "variants": chunk})
        for chunk in chunks(list(plan.new_inputs), MANY):
            sent.nothing_sent = False
            data = self._ask(instance, "products/VariantsBulkCreate", {"productId": gid, "variants": chunk})
            sent.new_variants += data["productVariantsBulkCreate"]["productVariants"]
        self._delete_variants(instance, sent)
        self._send_variant_pictures(instance, sent)
        self._send_alts(instance, sent)

    @api.model
    def _product_input(self, sent):
        """(fields of the product, new pictures) of an update. Publishing makes a draft visible."""
        product = dict(sent.plan.product)
        if sent.plan.publish and product.get("status", sent.node["status"]) == "DRAFT":
            product["status"] = "ACTIVE"
        media = [
            {"originalSource": sent.sources[one.layer_id], "alt": one.alt, "mediaContentType": "IMAGE"}
            for one in sent.adding
        ]
        return product, media

    @api.model
    def _delete_variants(self, instance, sent):
        """Delete what a person has ticked in the list of variants that Odoo does not have, if it is still so."""
        missing = {one["id"] for one in sent.plan.missing}
        chosen = [one for one in sent.job.delete if one in missing]
        for chunk in chunks(chosen, MANY):
            sent.nothing_sent = False
            variables = {"productId": sent.node["id"], "variantsIds": chunk}
            self._ask(instance, "products/VariantsBulkDelete", variables)
            sent.deleted += tuple(chunk)

    @api.model
    def _send_publishing(self, instance, sent):
        """Put the product into its sales channels, and take it out of the others that were decided about."""
        if not sent.job.channels:
            return
        wanted, _decided = sent.job.channels
        publish = sent.plan.publish if sent.plan else tuple(sorted(wanted))
        for ids, document in (
            (publish, "products/PublishProduct"),
            (sent.plan.unpublish if sent.plan else (), "products/UnpublishProduct"),
        ):
            if ids:
                sent.nothing_sent = False
                variables = {"id": sent.product_id, "input": [{"publicationId": one} for one in ids]}
                self._ask(instance, document, variables)
        sent.published = True


def handle_is_taken(product, error):
    """Whether an update was refused because of its handle."""
    return "handle" in product and any("handle" in problem.field for problem in error.problems)


def chunks(rows, size):
    """Rows in groups of a size."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
