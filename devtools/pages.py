"""`static/description/` of each add-on: its icon, and its page, made of its README.

    ./coop pages

An icon is a square in the colour of the add-on's family with the first letters of its
name. A page says what README.rst says: Odoo shows it in *Apps*.
"""

import ast

from devtools import lists, settings
from devtools.console import say

# The first that the name begins with; the house's own green otherwise.
COLOURS = {
    "coop_base": "#2e7d32",
    "coop_tools": "#546e7a",
    "coop_demo": "#6d4c41",
    "coop_orders": "#ef6c00",
    "coop_purchase": "#ad1457",
    "coop_logistics": "#1565c0",
    "coop_till": "#0277bd",
    "coop_round": "#00838f",
    "coop_volunteers": "#6a1b9a",
    "coop_committee": "#8e24aa",
    "coop_reconciliation": "#c62828",
    "coop_lettering": "#d84315",
    "coop_einvoice": "#b71c1c",
    "coop_supplier": "#9e4d00",
    "coop_accrual": "#7f3f00",
    "coop_pdf": "#37474f",
    "report_": "#37474f",
    "stock_": "#283593",
}
OTHER = "#2e7d32"
SIDE = 128
PAGE = """\
<section class="oe_container">
<div class="oe_row oe_spaced">
{body}
</div>
</section>
"""


def colour(name):
    """The colour of the family that the add-on `name` is of."""
    found = [prefix for prefix in COLOURS if name.startswith(prefix)]
    return COLOURS[max(found, key=len)] if found else OTHER


def letters(name):
    """What the icon shows: two letters of the add-on's own name."""
    words = name.removeprefix("coop_").split("_")
    text = words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]
    return text.capitalize()


def draw_icon(name, path):
    """Write the icon of the add-on `name`."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((4, 4, SIDE - 5, SIDE - 5), radius=22, fill=colour(name))
    font = ImageFont.truetype("DejaVuSans-Bold.ttf", 56)
    middle = (SIDE / 2, SIDE / 2)
    draw.text(middle, letters(name), font=font, fill="white", anchor="mm")
    image.quantize(32).save(path, optimize=True)


def make_page(readme):
    """The HTML of README.rst's text."""
    from docutils.core import publish_parts

    options = {
        "report_level": 5,
        "initial_header_level": 2,
        "doctitle_xform": False,
        "file_insertion_enabled": False,
        "raw_enabled": False,
    }
    parts = publish_parts(readme, writer="html5", settings_overrides=options)
    return PAGE.format(body=parts["body"].strip())


def find_stale():
    """Files of `static/description/` that are missing, or say what the README said."""
    stale = []
    for name in settings.own_modules():
        folder = settings.ADDONS / name / "static" / "description"
        page = folder / "index.html"
        if not (folder / "icon.png").exists():
            stale.append(folder / "icon.png")
        if not page.exists() or page.read_text() != make_page(_readme(name)):
            stale.append(page)
    return stale


def _readme(name):
    path = settings.ADDONS / name / "README.rst"
    if path.exists():
        return path.read_text()
    manifest = (settings.ADDONS / name / "__manifest__.py").read_text()
    return ast.literal_eval(manifest)["summary"]


def run():
    """Write what is missing or stale, and the lists of add-ons of other files."""
    lists.run()
    stale = find_stale()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        name = path.parent.parent.parent.name
        if path.suffix == ".png":
            draw_icon(name, path)
        else:
            path.write_text(make_page(_readme(name)))
    say(f"{len(stale)} files written below addons/*/static/description.")
    return 0
