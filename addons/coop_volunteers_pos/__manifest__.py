# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Point of Sale and Volunteers",
    "summary": "At the till: may this member shop, and what is the next step",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_volunteers", "point_of_sale"],
    "assets": {
        "point_of_sale._assets_pos": [
            "coop_volunteers_pos/static/src/**/*",
        ],
        "web.assets_tests": [
            "coop_volunteers_pos/static/tests/tours/*.js",
        ],
    },
    "auto_install": True,
}
