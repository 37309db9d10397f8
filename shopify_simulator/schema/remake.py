"""Make the schema file of an API version anew from the npm package that Shopify publishes it in.

Needs ``npm`` on the path. Downloads the package with the machine's own npm settings, takes the introspection file of
the version out of it, drops the descriptions (they are three quarters of its size) and writes it beside this file.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from . import schema_path

PACKAGE = "@shopify/dev-mcp"


def without_descriptions(node):
    """The same JSON value without any ``description`` key."""
    if isinstance(node, dict):
        return {key: without_descriptions(value) for key, value in node.items() if key != "description"}
    if isinstance(node, list):
        return [without_descriptions(value) for value in node]
    return node


def slim(document: dict) -> bytes:
    """The file to keep: introspection without descriptions, with the table of access scopes, packed reproducibly."""
    kept = {"data": without_descriptions(document["data"]), "offline_scopes": document["offline_scopes"]}
    return gzip.compress(json.dumps(kept, separators=(",", ":")).encode(), compresslevel=9, mtime=0)


def download(version: str, package: str) -> dict:
    """The published introspection file of ``version``, read out of the npm package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
        tarball = next(Path(folder).glob("*.tgz"))
        with tarfile.open(tarball) as archive:
            member = archive.extractfile(f"package/dist/data/admin_{version}.json.gz")
            return json.loads(gzip.decompress(member.read()))


def main(argv: list[str] | None = None) -> int:
    """Command line: version to make, optional package spec (``@shopify/dev-mcp@1.16.0``)."""
    parser = argparse.ArgumentParser(
        prog="python -m shopify_simulator.schema.remake", description=__doc__.split("\n")[0]
    )
    parser.add_argument("version", help="API version, for instance 2026-10")
    parser.add_argument("--package", default=PACKAGE, help=f"npm package to take it from (default: {PACKAGE})")
    options = parser.parse_args(argv)
    try:
        document = download(options.version, options.package)
    except KeyError:
        print(f"{options.package} has no schema for version {options.version}", file=sys.stderr)
        return 1
    path = schema_path(options.version)
    path.write_bytes(slim(document))
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
