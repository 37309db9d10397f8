"""The project's own lint rules find what they are for, and this checkout obeys the one that holds it up."""

from devenv import house_rules
from devenv.paths import ROOT


def check(tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return house_rules.check(tmp_path, [path])


def test_the_pure_packages_import_no_odoo():
    broken = [
        line
        for folder in house_rules.PURE
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in house_rules.odoo_imports(path.relative_to(ROOT).as_posix(), path.read_text())
    ]
    assert broken == []
    assert all(list((ROOT / folder).rglob("*.py")) for folder in house_rules.PURE)


def test_an_import_of_odoo_is_found_in_every_form(tmp_path):
    name = "addons/shopify_sync/mapping/taxes.py"
    assert check(tmp_path, name, "import odoo\n")
    assert check(tmp_path, name, "def f():\n    from odoo.tools import float_round\n")
    assert check(tmp_path, name, "import decimal, odoo.api as api\n")
    assert check(tmp_path, name, "from .odoo import x\nimport odoorpc\n") == []
    assert check(tmp_path, "addons/shopify_sync/models/order.py", "from odoo import models\n") == []


def test_xml_that_is_not_well_formed_is_found_with_its_line(tmp_path):
    assert check(tmp_path, "views/order.xml", "<odoo>\n  <record>\n</odoo>\n")[0].startswith("views/order.xml:3:")
    assert check(tmp_path, "views/order.xml", "<odoo><record/></odoo>") == []


def test_paths_of_one_machine_are_found(tmp_path):
    for path in ("work", "root", "home/jane"):
        assert check(tmp_path, "README.md", f"see /{path}/notes.md\n") == ["README.md:1: a path of one machine"]
    assert check(tmp_path, "README.md", "see docs/work/notes.md, ./work/x and /odoo/action-home/x\n") == []


def test_addresses_of_package_registries_are_found(tmp_path):
    for host in ("pypi", "registry", "deb"):
        assert check(tmp_path, "x.txt", f"https://{host}.example.org/simple\n")
    assert check(tmp_path, "x.txt", "https://shopify.dev/docs\n") == []


def test_a_module_that_grew_too_long_is_found(tmp_path):
    assert check(tmp_path, "a.py", "x = 1\n" * (house_rules.LONGEST_MODULE + 1))
    assert check(tmp_path, "a.py", "x = 1\n" * house_rules.LONGEST_MODULE) == []
