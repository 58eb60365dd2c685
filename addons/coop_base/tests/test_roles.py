# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import CoopCommon

STAFF = (
    "coop_referent",
    "coop_coordinator",
    "coop_buyer",
    "coop_volunteer",
    "coop_manager",
)


@tagged("post_install", "-at_install")
class TestMenus(CoopCommon):
    def _visible_menus(self):
        root = self.env.ref("coop_base.coop_menu_root").with_user(self.env.user)
        visible = root._visible_menu_ids()
        menus = self.env["ir.ui.menu"].sudo().search([("id", "child_of", root.id)])
        return menus.filtered(lambda menu: menu.id in visible)

    @users(*STAFF)
    def test_each_role_opens_its_menus(self):
        menus = self._visible_menus()
        actions = [
            menu.action
            for menu in menus
            if menu.action and menu.action._name == "ir.actions.act_window"
        ]
        self.assertTrue(actions)
        for action in actions:
            model = self.env[action.res_model].with_context(
                **safe_eval(
                    action.context or "{}", {"uid": self.env.uid, "active_id": False}
                )
            )
            views = model.get_views(
                [(False, mode) for mode in action.view_mode.split(",")]
            )
            self.assertTrue(views["views"])
            if not model._transient:
                model.web_search_read(
                    safe_eval(action.domain or "[]"), {"display_name": {}}, limit=5
                )

    def test_menus_by_role(self):
        expected = {
            "coop_menu_members_list": {
                "coop_referent",
                "coop_coordinator",
                "coop_volunteer",
                "coop_manager",
            },
            "coop_menu_member_import": {"coop_coordinator", "coop_manager"},
            "coop_menu_producers": {"coop_buyer", "coop_coordinator", "coop_manager"},
            "coop_menu_configuration": {"coop_manager"},
            "coop_menu_root": set(STAFF),
        }
        for name, logins in expected.items():
            menu = self.env.ref(f"coop_base.{name}")
            seen = {
                user.login
                for user in (
                    self.user_referent,
                    self.user_coordinator,
                    self.user_buyer,
                    self.user_volunteer,
                    self.user_manager,
                    self.user_internal,
                )
                if menu.id in menu.with_user(user)._visible_menu_ids()
            }
            self.assertEqual(seen, logins, name)


@tagged("post_install", "-at_install")
class TestRules(CoopCommon):
    def _members_seen_by(self, user):
        return (
            self.env["res.partner"]
            .with_user(user)
            .search(
                [("id", "in", (self.member + self.member_2 + self.member_paper).ids)]
            )
        )

    def test_who_sees_which_members(self):
        everyone = self.member + self.member_2 + self.member_paper
        nobody = self.env["res.partner"]
        for user, expected in (
            (self.user_referent, self.member + self.member_paper),
            (self.user_coordinator, everyone),
            (self.user_volunteer, everyone),
            (self.user_manager, everyone),
            (self.user_accountant, everyone),
            (self.user_buyer, nobody),
            (self.user_internal, nobody),
            (self.user_member, self.member),
            (self.user_producer, nobody),
        ):
            self.assertEqual(self._members_seen_by(user), expected, user.login)

    def test_referent_of_a_point_sees_who_collects_there(self):
        self.point_2.referent_ids = self.user_internal.partner_id
        self.assertEqual(self._members_seen_by(self.user_internal), self.member_2)

    def test_addresses_of_members_are_as_private(self):
        address = self.env["res.partner"].create(
            {
                "name": "Chez Bruno",
                "type": "delivery",
                "parent_id": self.member_2.id,
                "street": "1 rue Secrète",
            }
        )
        with self.assertRaises(AccessError):
            address.with_user(self.user_internal).read(["street"])
        address.with_user(self.user_coordinator).read(["street"])

    def test_two_members_of_one_company_stay_strangers(self):
        farm = self.env["res.partner"].create({"name": "GAEC", "is_company": True})
        (self.member + self.member_2).parent_id = farm
        self.assertEqual(self._members_seen_by(self.user_member), self.member)

    def test_staff_who_are_members_still_see_themselves(self):
        partner = self.user_internal.partner_id
        partner.is_coop_member = True
        partner.with_user(self.user_internal).read(["name", "coop_state"])

    def test_referent_does_not_change_members(self):
        with self.assertRaises(AccessError):
            self.member.with_user(self.user_referent).write({"phone": "1"})

    def test_buyer_keeps_producers_not_members(self):
        producers = self.env["res.partner"].with_user(self.user_buyer)
        producers.create({"name": "EARL", "is_coop_producer": True}).phone = "1"
        with self.assertRaises(AccessError):
            self.member.with_user(self.user_buyer).write({"phone": "1"})

    def test_member_writes_nothing_by_rpc(self):
        for record, values in (
            (self.member, {"phone": "0600000000"}),
            (self.member, {"coop_state": "active"}),
            (self.member_2, {"phone": "0600000000"}),
            (self.group_toul, {"name": "x"}),
            (self.point_1, {"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.user_member).write(values)

    def test_member_reads_their_own_group_only(self):
        groups = self.env["coop.group"].with_user(self.user_member)
        self.assertEqual(groups.search([]), self.group_toul)
        with self.assertRaises(AccessError):
            self.group_nancy.with_user(self.user_member).read(["name"])

    def test_member_opens_no_wizard(self):
        for model in (
            "coop.member.import",
            "coop.membership.register",
            "coop.privacy.erase",
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_member).create({})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_cooperative_is_another_world(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        stranger = self.env["res.partner"].create(
            {"name": "Ailleurs", "is_coop_member": True, "company_id": other.id}
        )
        group = self.env["coop.group"].create(
            {"name": "Ailleurs", "code": "A", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            stranger.with_user(self.user_coordinator).read(["name"])
        with self.assertRaises(AccessError):
            group.with_user(self.user_coordinator).read(["name"])
        self.user_coordinator.company_ids = [Command.link(other.id)]
        allowed = stranger.with_user(self.user_coordinator).with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        self.assertEqual(allowed.name, "Ailleurs")
