"""Publications and price lists, read; what is wrong with a picture."""

from __future__ import annotations

from .common import Box, Count, MoneyV2, number_of
from .registry import aliases, constants, resolver


@resolver("MediaImage.mediaErrors", "MediaImage.fileErrors")
def problems(one, info):
    """Why a picture failed."""
    found = info.context.store.storefront.problems.get(one.id)
    return [Box("MediaError", code=found[0], message=found[1], details=found[1])] if found else []


aliases(
    {
        "MediaImage.originalSource": lambda one: None,
        "Publication.catalog": lambda one: Box(
            "AppCatalog", id=one.id, title=f"Channel Catalog {one.id}", status="ACTIVE", publication=one, operations=[]
        ),
        "Publication.channels": lambda one: [
            Box("Channel", id=one.id, name=one.name, handle=one.handle, supports_future_publishing=True)
        ],
        "PriceList.catalog": lambda one: Box(
            "MarketCatalog", id=one.id, title=one.market, status="ACTIVE", operations=[], price_list=one
        ),
        "PriceList.fixedPricesCount": lambda one: len(one.fixed),
    }
)
constants(
    {
        "Publication.autoPublish": False,
        "Publication.supportsFuturePublishing": True,
        "PriceList.parent": None,
    }
)


@resolver("QueryRoot.publications")
def publications(_root, info, **_args):
    return info.context.store.storefront.publications


@resolver("QueryRoot.priceLists")
def price_lists(_root, info, **_args):
    return info.context.store.storefront.price_lists


@resolver("QueryRoot.priceList")
def price_list(_root, info, id):  # noqa: A002 - argument name is Shopify's
    return info.context.store.storefront.price_list(number_of(id, "PriceList"))


@resolver("PriceList.prices")
def prices(one, info, **_args):
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


@resolver("Product.publishedOnPublication")
def published_on(one, _info, publicationId):
    return one.status == "ACTIVE" and number_of(publicationId, "Publication") in one.publications


@resolver("Product.resourcePublicationsV2", "Product.resourcePublications")
def publications_of(one, info, onlyPublished=True, **_args):
    find = info.context.store.storefront.publication
    return [
        Box("ResourcePublicationV2", is_published=True, publish_date=at, publication=find(number))
        for number, at in one.publications.items()
    ]


@resolver("Product.resourcePublicationsCount")
def publications_count(one, _info, onlyPublished=True):
    return Count(len(one.publications))
