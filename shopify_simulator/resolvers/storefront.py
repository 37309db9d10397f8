"""Pictures, publications, collections and price lists, read."""

from __future__ import annotations

from .. import search
from ..errors import ShopifyError
from .common import Box, Count, MoneyV2, number_of
from .products import found, sorted_by
from .registry import aliases, constants, resolver


@resolver("Product.media")
def media(one, _info, query=None, **_args):
    return one.media


@resolver("Product.mediaCount")
def media_count(one, _info, query=None):
    return Count(len(one.media))


@resolver("Product.featuredMedia")
def featured_media(one, _info):
    return one.media[0] if one.media else None


@resolver("ProductVariant.media")
def variant_media(one, _info, **_args):
    return one.media


@resolver("MediaImage.status", "MediaImage.fileStatus")
def status(one, info):
    return info.context.store.shelf.status(one)


@resolver("MediaImage.mediaErrors", "MediaImage.fileErrors")
def problems(one, info):
    if one.problem is None or info.context.store.shelf.status(one) != "FAILED":
        return []
    code, text = one.problem
    return [Box("MediaError", code=code, message=text, details=text)]


@resolver("MediaImage.image")
def image_of(one, info):
    """The picture; none until it is ready."""
    if info.context.store.shelf.status(one) != "READY":
        return None
    address = f"http://{info.context.store.shop.domain}/_files/{one.upload}" if one.upload else one.source
    return Box("Image", id=one.id, url=address, alt_text=one.alt or None, width=64, height=64, thumbhash=None)


aliases(
    {
        "MediaImage.alt": lambda one: one.alt or None,
        "MediaImage.mimeType": lambda one: one.mime_type,
        "MediaImage.originalSource": lambda one: Box("MediaImageOriginalSource", file_size=None, url=one.source),
        "MediaImage.preview": lambda one: None,
        "Product.seo": lambda one: Box("SEO", title=one.seo_title, description=one.seo_description),
        "Publication.catalog": lambda one: Box(
            "AppCatalog", id=one.id, title=f"Channel Catalog {one.id}", status="ACTIVE", publication=one, operations=[]
        ),
        "Publication.channels": lambda one: [
            Box("Channel", id=one.id, name=one.name, handle=one.handle, supports_future_publishing=True)
        ],
        "Collection.productsCount": lambda one: Count(len(one.product_ids)),
        "Collection.description": lambda one: one.description_html,
        "PriceList.catalog": lambda one: Box(
            "MarketCatalog", id=one.id, title=one.market, status="ACTIVE", operations=[], price_list=one
        ),
        "PriceList.fixedPricesCount": lambda one: len(one.fixed),
    }
)
constants(
    {
        "MediaImage.mediaContentType": "IMAGE",
        "MediaImage.mediaWarnings": [],
        "Publication.autoPublish": False,
        "Publication.supportsFuturePublishing": True,
        "Collection.sortOrder": "BEST_SELLING",
        "Collection.templateSuffix": None,
        "Collection.image": None,
        "PriceList.parent": None,
    }
)


@resolver("Collection.sources")
def sources(one, _info):
    """Where its products come from: chosen by people, or by rules."""
    raise ShopifyError("The simulated store does not know Collection.sources", "NOT_SIMULATED")


@resolver("Collection.ruleSet")
def rule_set(one, _info):
    return Box("CollectionRuleSet", applied_disjunctively=False, rules=[]) if one.automated else None


@resolver("QueryRoot.publications")
def publications(_root, info, **_args):
    return info.context.store.shelf.publications


@resolver("QueryRoot.priceLists")
def price_lists(_root, info, **_args):
    return info.context.store.shelf.price_lists


@resolver("QueryRoot.priceList")
def price_list(_root, info, id):  # noqa: A002 - argument name is Shopify's
    return info.context.store.shelf.price_list(number_of(id, "PriceList"))


@resolver("PriceList.prices")
def prices(one, info, originType=None, **_args):
    known = info.context.store.variant_by_id
    return [price_of(one, known(number)) for number in one.fixed if known(number) is not None]


def price_of(one, variant) -> Box:
    """A fixed price as the API shows it."""
    price, compare = one.fixed[variant.id]
    return Box(
        "PriceListPrice",
        variant=variant,
        price=MoneyV2(price, one.currency),
        compare_at_price=None if compare is None else MoneyV2(compare, one.currency),
        origin_type="FIXED",
        quantity_price_breaks=[],
    )


def _collection_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "title": search.text_field(lambda one: one.title),
            "handle": search.listed_field(lambda one: one.handle),
            "collection_type": search.listed_field(lambda one: "smart" if one.automated else "custom"),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
        },
        search.text_field(lambda one: one.title),
    )


_SORT = {"UPDATED_AT": lambda one: one.updated_at, "TITLE": lambda one: one.title}


@resolver("QueryRoot.collections")
def collections(_root, info, query=None, sortKey="ID", **_args):
    store = info.context.store
    return sorted_by(found(info, store.shelf.collections, _collection_fields(store), query), _SORT, sortKey)


@resolver("QueryRoot.collection")
def collection(_root, info, id):  # noqa: A002 - argument name is Shopify's
    return info.context.store.shelf.collection(number_of(id, "Collection"))


@resolver("Product.collections")
def collections_of(one, info, **_args):
    return [found for found in info.context.store.shelf.collections if one.id in found.product_ids]


@resolver("Product.inCollection")
def in_collection(one, info, id):  # noqa: A002 - argument name is Shopify's
    found = info.context.store.shelf.collection(number_of(id, "Collection"))
    return found is not None and one.id in found.product_ids


@resolver("Collection.products")
def products_of(one, info, **_args):
    known = {product.id: product for product in info.context.store.products}
    return [known[number] for number in one.product_ids if number in known]


@resolver("Collection.hasProduct")
def has_product(one, _info, id):  # noqa: A002 - argument name is Shopify's
    return number_of(id, "Product") in one.product_ids


@resolver("Product.publishedOnPublication")
def published_on(one, _info, publicationId):
    return one.status == "ACTIVE" and number_of(publicationId, "Publication") in one.publications


@resolver("Product.resourcePublicationsV2", "Product.resourcePublications")
def publications_of(one, info, onlyPublished=True, **_args):
    shelf = info.context.store.shelf
    return [
        Box("ResourcePublicationV2", is_published=True, publish_date=at, publication=shelf.publication(number))
        for number, at in one.publications.items()
    ]


@resolver("Product.resourcePublicationsCount")
def publications_count(one, _info, onlyPublished=True):
    return Count(len(one.publications))
