"""The rules of the house, each broken on purpose in a small add-on."""

import textwrap

import pytest

from devtools import rooms, settings

MODEL = """
class Window(models.Model):
    _name = "coop.order.window"
    _inherit = [{inherits}]

    def action_close(self):
        return self.write({{"state": "closed"}})
"""


@pytest.fixture
def house(tmp_path):
    """A function that writes an add-on of those files and measures it."""

    def build(name="coop_orders", **files):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__manifest__.py").write_text("{}\n")
        for stem, text in files.items():
            path = folder / f"{stem.replace('__', '/')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return rooms.measure(folder)

    return build


def _faults(room, **declared):
    return list(rooms.find_faults([room], declared))


def test_a_model_is_opened_once(house):
    room = house(
        window=MODEL.format(inherits=""),
        closing="""
            class Closing(models.Model):
                _inherit = "coop.order.window"
        """,
    )
    assert list(room.reopened) == ["coop.order.window"]
    assert "coop_orders/closing.py:2, coop_orders/window.py:2" in _faults(room)[0]


def test_a_model_of_odoo_is_opened_once_too(house):
    block = """
        class Order(models.Model):
            _inherit = ["sale.order"]
    """
    assert list(house(one=block, two=block).reopened) == ["sale.order"]


def test_a_mixin_is_no_second_opening(house):
    room = house(
        window=MODEL.format(inherits='"coop.order.window.closing"'),
        closing="""
            class Closing(models.AbstractModel):
                _name = "coop.order.window.closing"

                def action_reopen(self):
                    return self.write({"state": "open"})
        """,
    )
    assert not _faults(room)


def test_a_method_does_not_override_itself(house):
    room = house(
        window=MODEL.format(inherits=""),
        closing="""
            class Closing(models.Model):
                _inherit = "coop.order.window"

                def action_close(self):
                    return super().action_close()
        """,
    )
    assert list(room.overridden) == ["coop.order.window.action_close"]
    assert any("action_close overrides itself" in fault for fault in _faults(room))


def test_a_part_does_not_override_its_model(house):
    room = house(
        window=MODEL.format(inherits='"coop.order.window.closing"'),
        closing="""
            class Closing(models.AbstractModel):
                _name = "coop.order.window.closing"

                def action_close(self):
                    return super().action_close()
        """,
    )
    assert list(room.overridden) == ["coop.order.window.action_close"]


def test_an_empty_hook_of_a_part_is_there_to_be_overridden(house):
    room = house(
        window=MODEL.format(inherits='"coop.order.window.closing"'),
        closing='''
            class Closing(models.AbstractModel):
                _name = "coop.order.window.closing"

                def action_close(self):
                    """For who closes."""
                    return []
        ''',
    )
    assert not room.overridden


def test_a_mixin_of_several_models_may_be_overridden(house):
    other = MODEL.replace("order.window", "order.box").format(inherits='"coop.mixin"')
    room = house(
        window=MODEL.format(inherits='"coop.mixin"'),
        box=other,
        mixin="""
            class Mixin(models.AbstractModel):
                _name = "coop.mixin"

                def action_close(self):
                    return self._close()
        """,
    )
    assert not room.overridden


def test_a_sudo_says_why(house):
    room = house(
        models="""
            def read(self):
                return self.sudo().name


            def count(self):
                line = 1
                line = 2
                line = 3
                line = 4
                # A member may not read the orders of others, only how many there are.
                return self.sudo().search_count([])
        """
    )
    assert room.sudo == 2
    assert room.bare == ["coop_orders/models.py:3"]
    assert _faults(room) == [f"{room.bare[0]}: sudo() without a reason in a comment"]


@pytest.mark.parametrize(
    "line",
    [
        'self.env.context.get("coop_quiet")',
        'self.env.context["coop_quiet"]',
        '"coop_quiet" in self.env.context',
        "self.with_context(lang=lang, coop_quiet=True)",
        'self.with_context(**{"coop_quiet": True})',
        "dict(self.env.context, coop_quiet=True)",
        "self.env.context.get(QUIET)",
    ],
)
def test_a_context_key_is_declared(house, line):
    room = house(models=f'QUIET = "coop_quiet"\nvalue = {line}\n')
    assert list(room.keys) == ["coop_quiet"]
    assert "coop_quiet: no reason" in _faults(room)[0]
    assert _faults(room, coop_quiet=" ")
    assert not _faults(room, coop_quiet="Odoo calls us back without arguments.")


def test_what_is_declared_is_used(house):
    assert "nowhere else" in _faults(house(models=""), coop_quiet="It was.")[0]


def test_context_keys_are_few(house):
    keys = {f"coop_key_{number}": "A reason." for number in range(rooms.MAX_KEYS + 1)}
    lines = [f"self.with_context({key}=1)" for key in keys]
    room = house(models="\n".join(lines))
    assert _faults(room, **keys) == ["16 context keys of our own, more than 15"]


@pytest.mark.parametrize(
    ("name", "lines", "good"),
    [
        ("coop_orders", rooms.CORE_LINES, True),
        ("coop_orders", rooms.CORE_LINES + 1, False),
        ("coop_till", rooms.FEATURE_LINES, True),
        ("coop_till", rooms.FEATURE_LINES + 1, False),
    ],
)
def test_an_addon_has_a_size(house, name, lines, good):
    room = house(name, models="pass\n" * (lines - 1), tests__test_x="pass\n" * 9)
    assert room.lines == lines
    assert (not _faults(room)) is good


def test_the_command_fails_where_a_rule_is_broken(house, tmp_path, capsys):
    house(models="name = record.sudo().name\n")
    assert rooms.run(addons=tmp_path, declared={}) == 1
    assert "sudo() without a reason" in capsys.readouterr().out
    assert rooms.run(["coop_orders"], addons=tmp_path, declared={}) == 1


def test_the_cores_exist():
    assert set(settings.own_modules()) >= rooms.CORES
