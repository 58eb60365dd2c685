# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    coop_kept_release = fields.Char(
        string="Newer Text Of",
        copy=False,
        readonly=True,
        help="This text was changed here, so that the newer one of that release was not"
        " taken over: compare, and reset the template to take it.",
    )

    def reset_template(self):
        """The newer text was taken over: nothing is left to compare."""
        res = super().reset_template()
        self.coop_kept_release = False
        return res
