# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _coop_with_record(self, record):
        """The template, rendered on partners, about `record`: a record, or
        ``{partner: records}`` (read by ``res.partner._coop_get_told``)."""
        return self.with_context(coop_record=record)
