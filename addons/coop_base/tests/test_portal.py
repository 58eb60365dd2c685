# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import json
import zipfile

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CoopCommon


@tagged("post_install", "-at_install")
class TestPortal(CoopCommon, HttpCase):
    def _post(self, url, **data):
        return self.url_open(
            url, data={"csrf_token": http.Request.csrf_token(self), **data}
        )

    def _rpc(self, model, method, *args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_home_shows_the_member(self):
        self.authenticate("coop_member", "coop_member")
        page = self.url_open("/my/coop").text
        for text in (
            "Bonjour",
            "Alice Adhérente",
            "Toul centre",
            "Maison des associations",
            "Jeudi de 17 h 30 à 19 h",
            self.member.coop_number,
        ):
            self.assertIn(text, page)

    def test_home_without_news_says_so(self):
        self.authenticate("coop_member", "coop_member")
        self.assertIn("Rien à faire", self.url_open("/my/coop").text)

    def test_home_of_who_is_not_a_member(self):
        self.authenticate("coop_producer", "coop_producer")
        page = self.url_open("/my/coop").text
        self.assertIn("pas encore adhérent", page)

    def test_portal_home_has_the_entry_for_members_only(self):
        self.authenticate("coop_member", "coop_member")
        self.assertIn('href="/my/coop"', self.url_open("/my").text)
        self.authenticate("coop_producer", "coop_producer")
        self.assertNotIn('href="/my/coop"', self.url_open("/my").text)

    def test_anonymous_is_sent_to_login(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/coop").url)

    def test_member_changes_their_details(self):
        self.authenticate("coop_member", "coop_member")
        response = self._post(
            "/my/coop/profile",
            collection_point_id=str(self.point_1.id),
            contact_channel="phone",
            phone="06 12 34 56 78",
        )
        self.assertIn("Enregistré", response.text)
        self.assertRecordValues(
            self.member,
            [
                {
                    "collection_point_id": self.point_1.id,
                    "contact_channel": "phone",
                    "phone": "06 12 34 56 78",
                }
            ],
        )

    def test_other_fields_are_not_written(self):
        self.authenticate("coop_member", "coop_member")
        self._post(
            "/my/coop/profile",
            phone="06 12 34 56 78",
            name="Pirate",
            email="pirate@example.com",
            coop_group_id=str(self.group_nancy.id),
            free_member="1",
            id=str(self.member_2.id),
        )
        self.assertRecordValues(
            self.member,
            [
                {
                    "name": "Alice Adhérente",
                    "email": "coop_member@coop.example.com",
                    "coop_group_id": self.group_toul.id,
                }
            ],
        )
        self.assertFalse(self.member_2.phone)

    def test_wrong_values_change_nothing(self):
        self.authenticate("coop_member", "coop_member")
        before = self.member.read(["phone", "contact_channel", "collection_point_id"])
        for data in (
            {"phone": "appelez-moi"},
            {"contact_channel": "pigeon"},
            {"collection_point_id": str(self.point_2.id)},
            {"collection_point_id": "1 or 1=1"},
        ):
            response = self._post(
                "/my/coop/profile", **{"contact_channel": "phone", **data}
            )
            self.assertIn("alert-danger", response.text)
            self.member.invalidate_recordset()
            self.assertEqual(
                self.member.read(["phone", "contact_channel", "collection_point_id"]),
                before,
            )

    @mute_logger("odoo.http")
    def test_changes_need_the_token(self):
        self.authenticate("coop_member", "coop_member")
        response = self.url_open("/my/coop/profile", data={"phone": "0612345678"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.member.phone)

    def test_member_downloads_their_data(self):
        self.authenticate("coop_member", "coop_member")
        response = self._post("/my/coop/export")
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        index = archive.read("index.html").decode()
        self.assertIn("Alice Adhérente", index)
        self.assertIn("Identité", index)
        self.assertNotIn("Bruno", index)
        self.assertIn("identite.csv", archive.namelist())

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_nobody_but_a_manager_downloads_others_data(self):
        for login in ("coop_member", "coop_referent", "coop_coordinator"):
            self.authenticate(login, login)
            response = self.url_open(f"/coop/privacy/export/{self.member_2.id}")
            self.assertEqual(response.status_code, 403, login)
        self.authenticate("coop_manager", "coop_manager")
        response = self.url_open(f"/coop/privacy/export/{self.member_2.id}")
        self.assertEqual(response.headers["Content-Type"], "application/zip")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_member_reads_nobody_else_by_rpc(self):
        self.authenticate("coop_member", "coop_member")
        others = self.member_2 + self.member_paper + self.user_referent.partner_id
        found = self._rpc("res.partner", "search_read", [("id", "in", others.ids)], [])
        self.assertEqual(found["result"], [])
        for method, args in (
            ("read", [self.member_2.ids, ["name", "email", "phone"]]),
            ("write", [self.member.ids, {"coop_group_id": self.group_nancy.id}]),
            ("unlink", [self.member_2.ids]),
            ("action_coop_privacy_export", [self.member_2.ids]),
            ("action_coop_privacy_erase", [self.member_2.ids]),
            ("action_coop_leave", [self.member.ids]),
            ("_coop_privacy_export", [self.member_2.ids]),
            ("_coop_privacy_erase", [self.member_2.ids]),
            ("_coop_tell", [self.member_2.ids]),
        ):
            answer = self._rpc("res.partner", method, *args)
            self.assertIn("error", answer, method)
        self.assertEqual(self.member_2.exists().name, "Bruno Adhérent")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_member_sees_nobody_else_by_url(self):
        self.authenticate("coop_member", "coop_member")
        for url in (
            f"/web/image/res.partner/{self.member_2.id}/image_128",
            f"/my/address?partner_id={self.member_2.id}",
            f"/coop/privacy/export/{self.member_2.id}",
            f"/mail/view?model=res.partner&res_id={self.member_2.id}",
        ):
            self.assertNotIn("Bruno", self.url_open(url).text, url)
