"""The sales channels, price lists, metafield definitions and uploads of a store."""

from __future__ import annotations

from datetime import datetime

from .ids import number_for
from .model.product import MediaImage, Product
from .model.storefront import PriceList, Publication, Upload
from .values import BadRequest

CHANNELS = [("Online Store", "online_store"), ("Point of Sale", "pos"), ("Shop", "shop")]
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class Storefront:
    """What a store has beside its products. ``media_delay``: seconds that Shopify works on a picture.

    ``locked``: numbers of pictures that take no other bytes. ``redirects``: new handle of a product by its former one.
    """

    def __init__(self, store):
        self._store = store
        self.media_delay = 0.0
        self.publications = [
            Publication(number_for("Publication", number), name, handle)
            for number, (name, handle) in enumerate(CHANNELS, start=1)
        ]
        self.price_lists: list[PriceList] = []
        self.uploads: dict[str, Upload] = {}
        self.definitions: dict[tuple[str, str, str], str] = {}
        self.files: dict[int, MediaImage] = {}
        self.sources: dict[str, MediaImage] = {}
        self.problems: dict[int, tuple[str, str]] = {}
        self.locked: set[int] = set()
        self.redirects: dict[str, str] = {}
        for one in store.products:
            if one.published_at is not None:
                one.publications = {channel.id: one.published_at for channel in self.publications}

    def publication(self, number: int) -> Publication | None:
        """The publication of an id."""
        return next((one for one in self.publications if one.id == number), None)

    def price_list(self, number: int) -> PriceList | None:
        """The price list of an id."""
        return next((one for one in self.price_lists if one.id == number), None)

    # -- what a person does --------------------------------------------------------------------------------------------

    def publish(self, product: object, *handles: str) -> Product:
        """Put a product into exactly these sales channels (online_store, pos, shop)."""
        with self._store.lock:
            one, at = self._store.product(product), self._store.clock.now()
            for channel in self.publications:
                self.show(one, channel.id, channel.handle in handles, at)
            return one

    def show(self, product: Product, channel: int, shown: bool, at: datetime) -> None:
        """Put a product into a sales channel or take it out."""
        if shown:
            product.publications.setdefault(channel, at)
        else:
            product.publications.pop(channel, None)
        product.published_at = (product.published_at or at) if product.publications else None
        product.updated_at = at

    def add_price_list(self, name: str, currency: str, market: str = "") -> PriceList:
        """Add the price list of a market."""
        number = number_for("PriceList", self._store.new_serial("PriceList"))
        made = PriceList(number, name, currency, market or name)
        self.price_lists.append(made)
        return made

    def define_metafield(self, owner: str, namespace: str, key: str, kind: str) -> None:
        """Fix the type of a metafield: ``owner`` PRODUCT, PRODUCTVARIANT, CUSTOMER or ORDER."""
        self.definitions[owner, namespace, key] = kind

    # -- files ---------------------------------------------------------------------------------------------------------

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

    def take_picture(self, source: str, alt: str, at: datetime) -> MediaImage:
        """A picture by its address or staged upload. It is PROCESSING until a job has looked at it."""
        known = self.sources.get(source)
        if known is not None:
            return known
        content, mime_type, problem = self._fetched(source)
        number = number_for("MediaImage", self._store.new_serial("MediaImage"))
        media = MediaImage(
            number, source.rsplit("/", 1)[-1], content, mime_type, at, at, alt=alt or None, status="PROCESSING", width=64,
            height=64,
        )  # fmt: skip
        self.files[number] = self.sources[source] = media
        self._work_on(media, problem)
        return media

    def change_picture(self, media: MediaImage, source: str) -> None:
        """Give a picture other bytes; its id and place stay, its address is a new one."""
        media.content, media.mime_type, problem = self._fetched(source)
        media.name, media.status = source.rsplit("/", 1)[-1], "PROCESSING"
        media.version += 1
        self._work_on(media, problem)

    def _fetched(self, source: str) -> tuple[bytes | None, str, tuple[str, str] | None]:
        """Bytes, type and what is wrong with a picture at an address or staged upload."""
        upload = next((one for key, one in self.uploads.items() if source.endswith(f"/{key}")), None)
        if upload is None:
            return b"", "image/jpeg", _problem_of_address(source)
        return upload.body, *_look_at(upload.body)

    def _work_on(self, media: MediaImage, problem: tuple[str, str] | None) -> None:
        def look() -> None:
            media.status = "FAILED" if problem else "READY"
            if problem:
                self.problems[media.id] = problem

        self._store.jobs.add(look, self.media_delay)


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
