# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LogisticsCommon


@tagged("post_install", "-at_install")
class TestChecklist(LogisticsCommon):
    """What there is to do at a distribution, by whom, ticked once done."""

    def _steps(self, user):
        action = self.distribution.with_user(user).action_view_steps()
        return (
            self.env["coop.distribution.step"].with_user(user).search(action["domain"])
        )

    def test_a_referent_ticks_and_unticks(self):
        step = self._steps(self.user_referent)[0]
        step.action_toggle()
        self.assertEqual(step.done_by_id, self.user_referent)
        step.action_toggle()
        self.assertFalse(step.done_at)

    def test_opened_again_what_is_ticked_stays_and_new_steps_come(self):
        steps = self._steps(self.user_referent)
        steps[0].action_toggle()
        self.env["coop.preparation.step"].with_user(self.user_coordinator).create(
            {"name": "Prévenir le gardien", "phase": "setup"}
        )
        again = self._steps(self.user_referent)
        self.assertEqual(len(again), len(steps) + 1)
        self.assertTrue(again[0].done_at)

    def test_not_of_another_point(self):
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).action_view_steps()
        self.distribution_2._ensure_steps()
        step = self.distribution_2.step_ids[0].with_user(self.user_referent)
        with self.assertRaises(AccessError):
            step.action_toggle()
        self.assertFalse(self.distribution_2.step_ids[0].done_at)
        with self.assertRaises(AccessError):
            self.env["coop.preparation.step"].with_user(self.user_referent).create(
                {"name": "x"}
            )

    def test_on_paper_by_phase(self):
        phases = self.distribution.with_user(self.user_referent)._get_checklist()
        self.assertEqual(len(phases), 4)
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.user_referent)
            .with_context(lang="fr_FR")
            ._render_qweb_html(
                "coop_logistics.report_distribution_checklist", self.distribution.ids
            )
        )
        self.assertIn("Compter la caisse", html.decode())
