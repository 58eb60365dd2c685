"""What of Odoo's private code ours relies on is as it was when it was looked at."""

import ast
import textwrap

import pytest

from devtools import contract

ODOO = """
class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["portal.mixin"]

    def _prepare_invoice(self):
        return {"journal_id": self.journal_id.id}

    def _count_lines(self):
        return len(self.order_line)


class PortalMixin(models.AbstractModel):
    _name = "portal.mixin"

    def _portal_ensure_token(self):
        return self.access_token


class Tool:
    def _count_lines(self):
        return 0


def sanitize(number, *, strict=False):
    return number.strip()
"""
OURS = """
from odoo.addons.sale.models.sale_order import sanitize


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_invoice(self):
        return {**super()._prepare_invoice(), "ref": sanitize(self.name)}

    def _portal_ensure_token(self):
        return super()._portal_ensure_token()

    def _coop_close(self):
        for order in self.order_ids:
            order._count_lines()
"""


def _theirs(text=ODOO):
    source, rows = contract.Source(), text.splitlines()
    tree = ast.parse(text)
    list(contract._read_classes(source, "sale", tree, rows))
    for node in tree.body:
        place = ("odoo.addons.sale.models.sale_order", getattr(node, "name", ""))
        source.top[place] = contract.Definition.read("sale", node, rows)
    return source


@pytest.fixture
def ours(tmp_path):
    def build(text=OURS, name="coop_orders"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "__manifest__.py").write_text("{}\n")
        (folder / "models.py").write_text(textwrap.dedent(text))
        return contract.read_ours(tmp_path)

    return build


@pytest.fixture(scope="module")
def promises():
    return contract.find()


def test_nothing_moved(promises):
    """After an upgrade of Odoo: look at each, then `./coop contract --update`."""
    moved = list(contract.compare(promises, contract.read_pinned()))
    assert not moved, "\n" + "\n".join(moved)


def test_what_is_known_to_be_relied_on_is_found(promises):
    users = {name: promise.users for name, promise in promises.items()}
    for name in ("account.move._post", "sale.order.line._action_launch_stock_rule"):
        assert any(how == "overrides" for _addon, how in users[name]), name
    assert any(how == "calls" for _addon, how in users["ir.cron._commit_progress"])
    assert len(promises) > 150


def test_an_altered_hash_is_told(promises):
    pinned = {name: promise.pins() for name, promise in promises.items()}
    name = "account.move._post"
    addon, pin = next(iter(pinned[name].items()))
    signature = pin.rpartition(" ")[0]
    pinned[name] = {**pinned[name], addon: f"{signature} 0000000000000000"}
    (line,) = contract.compare(promises, pinned)
    assert line.startswith(f"{name} ({addon}): its source changed – coop_")
    pinned[name] = {**pinned[name], addon: pin.replace("self", "me")}
    (line,) = contract.compare(promises, pinned)
    assert "signature was (me" in line


def test_what_is_overridden_called_and_imported_is_found(ours):
    found = contract.find(ours(), _theirs())
    assert list(found) == [
        "odoo.addons.sale.models.sale_order:sanitize",
        "portal.mixin._portal_ensure_token",
        "sale.order._count_lines",
        "sale.order._prepare_invoice",
    ]
    assert found["sale.order._prepare_invoice"].users == {("coop_orders", "overrides")}
    assert found["sale.order._count_lines"].users == {("coop_orders", "calls")}


def test_a_mixin_of_ours_overrides_for_who_inherits_it(ours):
    source = ours(
        """
        class SaleOrder(models.Model):
            _name = "sale.order"
            _inherit = ["sale.order", "coop.sale.order.billing"]


        class Billing(models.AbstractModel):
            _name = "coop.sale.order.billing"

            def _prepare_invoice(self):
                return {}
        """
    )
    assert "sale.order._prepare_invoice" in contract.find(source, _theirs())


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("self.journal_id.id", "False", "its source changed"),
        (
            "_prepare_invoice(self)",
            "_prepare_invoice(self, final=False)",
            "signature was (self), is (self, final=False)",
        ),
        (
            "_prepare_invoice(self)",
            "_make_invoice(self)",
            "gone, or ours does not rely",
        ),
        ("", "", None),
    ],
)
def test_each_move_is_told_with_who_relies_on_it(ours, tmp_path, old, new, change):
    source, path = ours(), tmp_path / "contract.toml"
    contract.write_pinned(contract.find(source, _theirs()), path)
    later = contract.find(source, _theirs(ODOO.replace(old, new)))
    moved = list(contract.compare(later, contract.read_pinned(path)))
    assert len(moved) == (1 if change else 0)
    if change:
        assert moved[0].startswith(f"sale.order._prepare_invoice (sale): {change}")


def test_what_is_relied_on_anew_is_pinned(ours):
    (line, *_others) = contract.compare(contract.find(ours(), _theirs()), {})
    assert "not pinned yet – coop_orders imports it" in line
