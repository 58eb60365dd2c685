# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Coop: Members' Orders and Projects",
    "summary": "Members' orders stay quick where Odoo's projects are installed",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_orders", "sale_project"],
    "auto_install": True,
}
