"""The sales channels, collections, price lists, pictures and uploads of a store."""

from __future__ import annotations

import hashlib
from datetime import datetime

from .ids import number_for
from .model.shelf import Collection, Media, PriceList, Publication, Upload
from .values import BadRequest

CHANNELS = [("Online Store", "online_store"), ("Point of Sale", "pos"), ("Shop", "shop")]
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class Shelf:
    """What a store has beside its products. ``media_delay``: seconds that Shopify works on a picture."""

    def __init__(self, store):
        self._store = store
        self.media_delay = 0.0
        self.publications = [
            Publication(number_for("Publication", number), name, handle)
            for number, (name, handle) in enumerate(CHANNELS, start=1)
        ]
        self.collections: list[Collection] = []
        self.price_lists: list[PriceList] = []
        self.uploads: dict[str, Upload] = {}
        self.definitions: dict[tuple[str, str, str], str] = {}
        self.files: dict[int, Media] = {}

    # -- looking things up ---------------------------------------------------------------------------------------------

    def publication(self, number: int) -> Publication | None:
        """The publication of an id."""
        return next((one for one in self.publications if one.id == number), None)

    def collection(self, given: object) -> Collection | None:
        """A collection by number, title or handle."""
        return next((one for one in self.collections if given in (one.id, one.title, one.handle)), None)

    def price_list(self, number: int) -> PriceList | None:
        """The price list of an id."""
        return next((one for one in self.price_lists if one.id == number), None)

    def status(self, media: Media) -> str:
        """PROCESSING, READY or FAILED."""
        if self._store.clock.timestamp() < media.due_at:
            return "PROCESSING"
        return "FAILED" if media.problem else "READY"

    # -- what a person or the API does ---------------------------------------------------------------------------------

    def add_collection(self, title: str, products: list[object] = (), automated: bool = False) -> Collection:
        """Add a collection with products (objects, ids, handles or titles)."""
        handle = "-".join(title.lower().split())
        number = number_for("Collection", self._store.new_serial("Collection"))
        made = Collection(number, title, handle, automated, self._store.clock.now())
        made.product_ids = [self._store.product(one).id for one in products]
        self.collections.append(made)
        return made

    def add_price_list(self, name: str, currency: str, market: str = "") -> PriceList:
        """Add the price list of a market."""
        number = number_for("PriceList", self._store.new_serial("PriceList"))
        made = PriceList(number, name, currency, market or name)
        self.price_lists.append(made)
        return made

    def define_metafield(self, owner: str, namespace: str, key: str, kind: str) -> None:
        """Fix the type of a metafield: ``owner`` PRODUCT, PRODUCTVARIANT, CUSTOMER or ORDER."""
        self.definitions[owner, namespace, key] = kind

    def announce(self, filename: str, mime_type: str, resource: str) -> Upload:
        """Make room for an upload; its bytes follow by HTTP."""
        serial = self._store.new_serial("Upload")
        key = f"tmp/{self._store.shop.id}/{resource.lower()}/{serial}/{filename}"
        self.uploads[key] = Upload(key, mime_type, resource)
        return self.uploads[key]

    def receive(self, key: str, body: bytes) -> Upload:
        """The bytes of an upload have arrived; `BadRequest` when nobody announced it."""
        upload = self.uploads.get(key)
        if upload is None:
            raise BadRequest(f"no staged upload {key!r}")
        upload.body = body
        return upload

    def add_media(self, source: str, alt: str, at: datetime) -> Media:
        """Take a picture from an address or a staged upload; it is looked at later."""
        number = number_for("MediaImage", self._store.new_serial("MediaImage"))
        upload = next((one for key, one in self.uploads.items() if source.endswith(f"/{key}")), None)
        media = Media(number, alt, source, at, at, self._store.clock.timestamp() + self.media_delay)
        if upload is None:
            media.problem = _problem_of_address(source)
        else:
            media.upload = upload.key
            media.mime_type, media.problem = _look_at(upload.body)
        self.files[number] = media
        return media

    def digest(self, media: Media) -> str:
        """SHA-256 of the bytes of an uploaded picture; empty for one by address."""
        upload = self.uploads.get(media.upload or "")
        return hashlib.sha256(upload.body).hexdigest() if upload and upload.body is not None else ""


def _problem_of_address(source: str) -> tuple[str, str] | None:
    host = source.split("//", 1)[-1].split("/", 1)[0].split(":")[0]
    if host.endswith(".invalid"):
        return "IMAGE_DOWNLOAD_FAILURE", "Image could not be downloaded"
    return None


def _look_at(body: bytes | None) -> tuple[str, tuple[str, str] | None]:
    if body is None:
        return "application/octet-stream", ("IMAGE_DOWNLOAD_FAILURE", "Image could not be downloaded")
    for start, mime in _MAGIC.items():
        if body.startswith(start):
            return mime, None
    return "application/octet-stream", ("UNSUPPORTED_IMAGE_FILE_TYPE", "The file is not a supported image type")
