"""Pictures, collections, category and search-engine texts of products."""

from __future__ import annotations

from .. import search
from ..pictures import address
from .common import Box, Count, number_of
from .products import found, sorted_by
from .registry import aliases, constants, resolver


def _image(info, picture) -> Box | None:
    if picture.status != "READY":
        return None
    url = address(info.context.store.shop.domain, picture)
    return Box("Image", id=picture.id, url=url, alt_text=picture.alt, width=picture.width, height=picture.height,
               thumbhash=None)  # fmt: skip


@resolver("MediaImage.image")
def image_of_media(one, info):
    return _image(info, one)


@resolver("Image.url")
def url(one, _info, transform=None):
    return one.url


@resolver("ProductVariant.image")
def image_of_variant(one, info):
    return _image(info, one.media[0]) if one.media else None


@resolver("Product.media")
def media(one, _info, query=None, **_args):
    return one.media


@resolver("Product.collections")
def collections_of_product(one, _info, query=None, **_args):
    return one.collections


@resolver("QueryRoot.collections")
def collections(_root, info, query=None, sortKey="ID", **_args):
    store = info.context.store
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    fields = search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "title": search.text_field(lambda one: one.title),
            "handle": search.listed_field(lambda one: one.handle),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
        },
        search.text_field(lambda one: one.title),
    )
    keys = {"TITLE": lambda one: one.title, "UPDATED_AT": lambda one: one.updated_at}
    return sorted_by(found(info, store.collections, fields, query), keys, sortKey)


@resolver("QueryRoot.collection")
def collection(_root, info, id):  # noqa: A002
    return collection_by_number(info.context.store, number_of(id, "Collection"))


def collection_by_number(store, number: int):
    """The collection of an id, or None."""
    return next((one for one in store.collections if one.id == number), None)


@resolver("Collection.products")
def products_of_collection(one, _info, **_args):
    return one.products


@resolver("Collection.sources")
def sources(one, _info):
    conditions = [Box("CollectionSourceInclusionConditionProductTitle")] if one.automated else []
    inclusion = Box("CollectionSourceInclusion", conditions=conditions, match_type="ALL", selections=one.products)
    return [
        Box(
            "CollectionConditionsSource",
            id=one.id,
            title=one.title,
            inclusion=inclusion,
            exclusion=None,
            shareable=False,
        )
    ]


def _category(one) -> Box | None:
    if one.category is None:
        return None
    number, full_name = one.category
    return _Category("TaxonomyCategory", taxonomy_id=number, full_name=full_name, name=full_name.split(" > ")[-1])


class _Category(Box):
    """A category; its id is a word, not a number."""


@resolver("TaxonomyCategory.id")
def category_id(one, _info):
    return f"gid://shopify/TaxonomyCategory/{one.taxonomy_id}"


aliases(
    {
        "Product.category": _category,
        "Product.seo": lambda one: Box(title=one.seo_title, description=one.seo_description),
        "Product.featuredMedia": lambda one: one.media[0] if one.media else None,
        "Product.mediaCount": lambda one: Count(len(one.media)),
        "ProductVariant.media": lambda one: one.media,
        "MediaImage.fileStatus": lambda one: one.status,
        "Collection.productsCount": lambda one: Count(len(one.products)),
        "Collection.descriptionHtml": lambda one: f"<p>{one.title}</p>",
    }
)
constants(
    {
        "MediaImage.mediaContentType": "IMAGE",
        "MediaImage.mediaWarnings": [],
        "MediaImage.preview": None,
        "Collection.seo": Box(title=None, description=None),
        "Collection.templateSuffix": None,
        "Collection.image": None,
        "Collection.sortOrder": "MANUAL",
    }
)
