"""stagedUploadsCreate, fileCreate, fileUpdate and productReorderMedia."""

from __future__ import annotations

from ..events import product_input as events
from ..resolvers.common import Box, number_of
from ..resolvers.products import product_by_number
from ..resolvers.registry import resolver
from .problems import Wrong, answering
from .product_input import alt_text


@resolver("Mutation.stagedUploadsCreate")
@answering("staged_targets")
def staged_uploads(_root, info, input):  # noqa: A002 - argument name is Shopify's
    """Where to send files: an address and the form fields to send along."""
    store = info.context.store
    targets = []
    for one in input:
        upload = store.storefront.announce(one["filename"], one["mimeType"], one["resource"])
        address = f"http://{store.shop.domain}/_upload"
        fields = {"key": upload.key, "Content-Type": one["mimeType"], "acl": "private"}
        targets.append(
            Box(
                "StagedMediaUploadTarget",
                url=address if one.get("httpMethod") == "POST" else f"{address}/{upload.key}",
                resource_url=f"{address}/{upload.key}",
                parameters=[Box("StagedUploadParameter", name=name, value=value) for name, value in fields.items()],
            )
        )
    return {"staged_targets": targets}


@resolver("Mutation.fileCreate")
@answering("files")
def file_create(_root, info, files):
    """Take files that belong to no product yet."""
    front, at = info.context.store.storefront, info.context.store.clock.now()
    alts = [alt_text(one, "files", index) for index, one in enumerate(files)]
    return {"files": [front.take_picture(one["originalSource"], alt, at) for one, alt in zip(files, alts, strict=True)]}


@resolver("Mutation.fileUpdate")
@answering("files")
def file_update(_root, info, files):
    """Change alt texts, the bytes of a picture, and which products show a file."""
    store, at = info.context.store, info.context.store.clock.now()
    planned = []
    for index, one in enumerate(files):
        media = store.storefront.files.get(number_of(one["id"], "MediaImage"))
        if media is None:
            raise Wrong(f"File id {one['id']} does not exist.", "files", index, "id", code="FILE_DOES_NOT_EXIST")
        if media.status != "READY":
            raise Wrong("Non-ready files cannot be updated.", "files", index, code="NON_READY_STATE")
        alt_text(one, "files", index)
        if media.id in store.storefront.locked and one.get("originalSource"):
            raise Wrong("File is locked.", "files", index, "originalSource", code="FILE_LOCKED")
        targets = {
            name: [product_by_number(store, number_of(gid, "Product")) for gid in one.get(name) or []]
            for name in ("referencesToAdd", "referencesToRemove")
        }
        if None in targets["referencesToAdd"] + targets["referencesToRemove"]:
            text = "The reference target does not exist."
            raise Wrong(text, "files", index, code="REFERENCE_TARGET_DOES_NOT_EXIST")
        planned.append((one, media, targets))
    for one, media, targets in planned:
        if "alt" in one:
            media.alt = one["alt"] or ""
        media.updated_at = at
        if one.get("originalSource"):
            store.storefront.change_picture(media, one["originalSource"])
        for product in targets["referencesToAdd"]:
            events.attach(product, media, at)
        for product in targets["referencesToRemove"]:
            product.media = [picture for picture in product.media if picture is not media]
            for variant in product.variants:
                variant.media = [picture for picture in variant.media if picture is not media]
    return {"files": [media for _one, media, _targets in planned]}


@resolver("Mutation.productReorderMedia")
def reorder(_root, info, id, moves):  # noqa: A002 - argument name is Shopify's
    """Move pictures of a product one after the other; a job does it."""
    store, problems = info.context.store, []
    product = product_by_number(store, number_of(id, "Product"))
    if product is None:
        problems.append(Box("MediaUserError", field=["id"], message="Product does not exist", code="INVALID"))
    known = {one.id: one for one in product.media} if product else {}
    planned = [(known.get(number_of(one["id"], "MediaImage")), int(one["newPosition"])) for one in moves]
    for index, (media, _position) in enumerate(planned if product else ()):
        if media is None:
            field = ["moves", str(index), "id"]
            problems.append(Box("MediaUserError", field=field, message="Media does not exist", code="INVALID"))
    if problems:
        return Box(job=None, user_errors=problems, media_user_errors=problems)

    def work() -> None:
        for media, position in planned:
            product.media.remove(media)
            product.media.insert(position, media)
        product.updated_at = store.clock.now()
        store.tell_product(product, "UPDATE")

    return Box(job=store.jobs.add(work), user_errors=[], media_user_errors=[])
