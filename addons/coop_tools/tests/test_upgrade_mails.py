# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase, tagged

from odoo.addons.coop_tools.tools import upgrade


@tagged("post_install", "-at_install")
class TestUpgradeMails(TransactionCase):
    """What a cooperative wrote in a mail still works after the upgrade."""

    def test_methods_have_their_present_names(self):
        template = self.env["mail.template"].create(
            {
                "name": "Ours",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body_html": "<p>Own words, no method</p>",
            }
        )
        other = template.copy()
        self.env.flush_all()
        # As an older release left it: Odoo refuses to save what calls nothing.
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            [
                '{"en_US": "<p t-out=\'object._get_coop_access_url()\'>Own words</p>"}',
                template.id,
            ],
        )
        upgrade._rename_methods(self.env.cr, (template | other).ids)
        self.env.invalidate_all()
        self.assertIn("object._coop_get_access_url()", template.body_html)
        self.assertIn("Own words", template.body_html)
        self.assertEqual(other.body_html, "<p>Own words, no method</p>")
