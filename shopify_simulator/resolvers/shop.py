"""The shop, the app's installation, API versions and locations."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from .. import search
from ..model.places import country_name
from .common import Box, Count, number_of
from .registry import aliases, constants, resolver

APP_NUMBER = 210_000_000_001


@resolver("QueryRoot.shop")
def shop(_root, info):
    return info.context.store.shop


def _address(one) -> Box:
    return Box(
        "ShopAddress", id=one.id, address1="1 Dock Road", address2=None, city="Newark", company=one.name,
        country=country_name(one.country), country_code_v2=one.country, country_code=one.country, zip="07102",
        province=None, province_code=None, phone=None, formatted=[one.name, "1 Dock Road", "Newark"],
        formatted_area="Newark", coordinates_validated=False, latitude=None, longitude=None,
    )  # fmt: skip


def _offset(one) -> int:
    return int(datetime.now(ZoneInfo(one.iana_timezone)).utcoffset().total_seconds() // 60)


def _offset_text(one) -> str:
    minutes = _offset(one)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


aliases(
    {
        "Shop.myshopifyDomain": lambda one: one.domain,
        "Shop.url": lambda one: f"https://{one.domain}",
        "Shop.primaryDomain": lambda one: Box(
            "Domain", id=one.id, host=one.domain, url=f"https://{one.domain}", ssl_enabled=True
        ),
        "Shop.contactEmail": lambda one: one.email,
        "Shop.enabledPresentmentCurrencies": lambda one: [one.currency_code, *one.rates],
        "Shop.currencySettings": lambda one: [
            Box(currency_code=code, currency_name=code, enabled=True, manual_rate=None, rate_updated_at=one.created_at)
            for code in (one.currency_code, *one.rates)
        ],
        "Shop.timezoneOffsetMinutes": _offset,
        "Shop.timezoneOffset": _offset_text,
        "Shop.timezoneAbbreviation": lambda one: datetime.now(ZoneInfo(one.iana_timezone)).strftime("%Z"),
        "Shop.plan": lambda one: Box(public_display_name=one.plan, shopify_plus=one.plus, partner_development=False,
                                     display_name=one.plan),
        "Shop.shopAddress": _address,
        "Shop.billingAddress": _address,
        "Shop.updatedAt": lambda one: one.created_at,
        "Shop.shipsToCountries": lambda one: [one.country],
    }
)  # fmt: skip
constants(
    {
        "Shop.unitSystem": "METRIC_SYSTEM",
        "Shop.description": None,
        "Shop.shopOwnerName": "Shop Owner",
        "Shop.setupRequired": False,
        "Shop.checkoutApiSupported": True,
        "Shop.resourceLimits": Box(
            location_limit=200, max_product_options=3, max_product_variants=2048, redirect_limit_reached=False
        ),
        "Shop.features": Box(
            gift_cards=True, sells_subscriptions=False, reports=True, storefront=True, live_view=True, show_metrics=True,
            harmonized_system_code=True, avalara_avatax=False, captcha=True, unified_markets=True, shopify_plus=False,
            eligible_for_subscriptions=True, using_shopify_balance=False,
        ),
    }
)  # fmt: skip


@resolver("QueryRoot.currentAppInstallation")
def current_installation(_root, info):
    return info.context.app


aliases(
    {
        "AppInstallation.accessScopes": lambda one: [
            Box(handle=scope, description=scope.replace("_", " ").capitalize()) for scope in one.access.scopes
        ],
        "AppInstallation.launchUrl": lambda one: f"https://{one.domain}/admin/apps/connector",
        "AppInstallation.uninstallUrl": lambda one: f"https://{one.domain}/admin/apps",
        "AppInstallation.app": lambda one: Box(
            "App", id=APP_NUMBER, title="Connector", handle="connector", api_key=one.access.client_id, developer_name="Merchant",
            developer_type="MERCHANT", embedded=False, published=False, shopify_developed=False, features=[],
            webhook_api_version=one.api_version, installation=one, requested_access_scopes=[],
        ),
    }
)  # fmt: skip


@resolver("QueryRoot.publicApiVersions")
def api_versions(_root, info):
    return [Box(handle=version, display_name=version, supported=True) for version in info.context.app.versions]


_LOCATIONS = search.Fields(
    {
        "id": search.number_field(lambda one: one.id),
        "name": search.text_field(lambda one: one.name),
        "active": search.boolean_field(lambda one: one.is_active),
    },
    search.text_field(lambda one: one.name),
)


@resolver("QueryRoot.locations")
def locations(_root, info, includeLegacy=False, includeInactive=False, query=None, sortKey="NAME", **_args):
    """Active own locations; fulfilment services only with ``includeLegacy``."""
    found = _shown(info, includeLegacy, includeInactive, query)
    return sorted(found, key=lambda one: one.id if sortKey == "ID" else (one.name, one.id))


@resolver("QueryRoot.locationsCount")
def locations_count(_root, info, limit=10_000, query=None):
    return Count(len(_shown(info, False, False, query)), limit)


@resolver("QueryRoot.location")
def location(_root, info, id=None):  # noqa: A002
    every = info.context.store.locations
    if id is None:
        return every[0]
    number = number_of(id, "Location")
    return next((one for one in every if one.id == number), None)


def _shown(info, legacy: bool, inactive: bool, query: str | None) -> list:
    test, warnings = search.compiled(query, _LOCATIONS)
    info.context.search_warnings += warnings
    return [
        one
        for one in info.context.store.locations
        if (legacy or not one.legacy) and (inactive or one.is_active) and test(one)
    ]


def _formatted(one) -> list[str]:
    return [part for part in (one.address1, one.city, country_name(one.country)) if part]


aliases(
    {
        "Location.address": lambda one: Box(
            address1=one.address1, address2=None, city=one.city, country=country_name(one.country), country_code=one.country,
            province=one.province, province_code=one.province_code, zip=one.zip, phone=one.phone, formatted=_formatted(one),
            latitude=None, longitude=None,
        ),
        "Location.isFulfillmentService": lambda one: one.fulfillment_service is not None,
        "Location.isPrimary": lambda one: one.name == "Main Warehouse",
        "Location.fulfillmentService": lambda one: one.fulfillment_service and _service(one),
        "Location.deactivatedAt": lambda one: None if one.is_active else one.updated_at.isoformat(),
    }
)  # fmt: skip
constants(
    {
        "Location.activatable": True,
        "Location.deactivatable": True,
        "Location.deletable": False,
        "Location.addressVerified": True,
        "Location.hasUnfulfilledOrders": True,
        "Location.localPickupSettingsV2": None,
        "Location.metafields": [],
        "Location.metafield": None,
    }
)


def _service(one) -> Box:
    return Box(
        "FulfillmentService", id=one.id, handle=one.fulfillment_service, service_name=one.name, type="THIRD_PARTY",
        inventory_management=True, tracking_support=True, requires_shipping_method=True, callback_url=None, location=one,
    )  # fmt: skip


def manual_service() -> Box:
    """The merchant's own fulfilment."""
    return Box(
        "FulfillmentService", id=1, handle="manual", service_name="Manual", type="MANUAL", inventory_management=False,
        tracking_support=False, requires_shipping_method=True, callback_url=None, location=None,
    )  # fmt: skip
