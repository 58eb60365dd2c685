# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.coop_tools.tools import upgrade


def migrate(cr, version):
    upgrade.settle(cr)
