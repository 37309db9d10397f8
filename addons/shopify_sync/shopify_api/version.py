"""The version of Shopify's GraphQL Admin API that every request of the connector asks for."""

API_VERSION = "2026-07"
