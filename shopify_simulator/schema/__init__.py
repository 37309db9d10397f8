"""Shopify's published Admin schema, loaded once per process."""

import gzip
import json
import re
from functools import lru_cache
from pathlib import Path

from graphql import GraphQLSchema, build_client_schema

SUPPORTED_VERSIONS = ("2026-07",)
"""API versions that have a schema file here, oldest first."""

_FOLDER = Path(__file__).parent
_SNAKE = re.compile(r"(?<=[a-z0-9])([A-Z])")


def schema_path(version: str) -> Path:
    """Path of the introspection file of one API version."""
    return _FOLDER / f"admin-{version}.json.gz"


@lru_cache(maxsize=2)
def load_document(version: str) -> dict:
    """The whole file: ``data`` (introspection) and ``offline_scopes`` (needed access scopes)."""
    with gzip.open(schema_path(version), "rt", encoding="utf-8") as handle:
        return json.load(handle)


@lru_cache(maxsize=2)
def load_schema(version: str) -> GraphQLSchema:
    """A fresh executable schema; scalars still pass every value through (see ``scalars``)."""
    return build_client_schema(load_document(version)["data"], assume_valid=True)


@lru_cache(maxsize=8192)
def snake(name: str) -> str:
    """Attribute name of a GraphQL field: ``totalPriceSet`` -> ``total_price_set``, ``countryCodeV2`` -> ``country_code_v2``."""
    return _SNAKE.sub(r"_\1", name).lower()
