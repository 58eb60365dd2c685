# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.coop_logistics.tests.common import LogisticsCommon


class TrackingCase(LogisticsCommon):
    """Alice pays cash, Paulette by cheque, Bruno (point 2) later; then it is over.

    A basket is 2 kg of carrots (4.00), 3 boxes of eggs (4.50), 0.4 kg of comté (7.20).
    """

    AMOUNT = 15.70

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._coop_receive()
        cls.window.distribution_ids.action_prepare()
        cls.window.distribution_ids.action_open()
        cls.own = cls.distribution.with_user(cls.user_referent)
        cls.own.coop_till_open(20.0)
        cls.distribution_2.with_user(cls.user_coordinator).coop_till_open(0.0)
        carrots = cls.order_paper.order_line.filtered(
            lambda line: line.product_id == cls.carrots
        )
        cls._serve(cls.order, {"kind": "cash", "amount": cls.AMOUNT})
        # Paulette leaves half a kilogram of carrots
        cls._serve(
            cls.order_paper,
            {"kind": "cheque", "amount": cls.AMOUNT - 1.0, "number": "771"},
            {carrots.id: 1.5},
        )
        cls._serve(cls.order_2, {"kind": "later"})
        cls.window.distribution_ids.action_count()

    @classmethod
    def _serve(cls, order, payment, quantities=None):
        user = (
            cls.user_referent
            if order.distribution_id == cls.distribution
            else cls.user_coordinator
        )
        order.with_user(user).coop_till_serve(
            {"payments": [payment], "quantities": quantities or {}}
        )


@tagged("post_install", "-at_install")
class TestTracking(TrackingCase):
    def test_a_row_says_what_happened(self):
        self.assertRecordValues(
            self.own,
            [
                {
                    "tracking_member_count": 2,
                    "tracking_turnover": 2 * self.AMOUNT - 1.0,
                    "amount_cash": self.AMOUNT,
                    "tracking_cheque_count": 1,
                    "amount_cheque": self.AMOUNT - 1.0,
                    "tracking_due": 0.0,
                    "tracking_volunteer_count": 0,
                }
            ],
        )
        other = self.distribution_2.with_user(self.user_coordinator)
        self.assertAlmostEqual(other.tracking_due, self.AMOUNT)

    def test_left_overs_and_losses(self):
        self.own.coop_leftovers_record(
            [
                {
                    "offer_id": self.carrots_offer.id,
                    "stock": 0.3,
                    "loss": 0.2,
                    "reason_id": self.env.ref("coop_logistics.scrap_reason_spoilt").id,
                }
            ]
        )
        self.own.invalidate_recordset()
        self.assertEqual(self.own.tracking_left_text, "0,3 kg Carottes")
        self.assertAlmostEqual(self.own.value_loss, 0.2)

    def test_memberships_of_the_day(self):
        product = self.env["product.product"].create(
            {
                "name": "Adhésion",
                "type": "service",
                "membership": True,
                "membership_date_from": "2020-01-01",
                "membership_date_to": "2040-12-31",
            }
        )
        day = self.distribution.date_start.date()
        self.env["membership.membership_line"].create(
            [
                {
                    "partner_id": partner.id,
                    "membership_id": product.id,
                    "date": date,
                    "date_from": date,
                    "date_to": day + timedelta(days=365),
                    "state": "paid",
                    "member_price": 10.0,
                }
                for partner, date in (
                    (self.member, day),
                    (self.member_paper, day - timedelta(days=365)),
                    (self.member_paper, day),
                    (self.member_2, day),
                )
            ]
        )
        self.assertEqual(self.own.tracking_new_count, 1)
        self.assertEqual(self.own.tracking_renewed_count, 1)

    def test_a_referent_sees_nothing_of_another_point(self):
        other = self.distribution_2.with_user(self.user_referent)
        self.assertEqual(other.tracking_turnover, 0.0)
        with self.assertRaises(AccessError):
            other._make_tracking_file()
        accountant = self.distribution_2.with_user(self.user_accountant)
        self.assertAlmostEqual(accountant.tracking_turnover, self.AMOUNT)

    def test_members_do_not_read_the_till(self):
        own = self.distribution.with_user(self.user_member)
        for field in ("tracking_turnover", "amount_cash", "equipment_needed"):
            with self.assertRaises(AccessError):
                own.read([field])

    def test_in_a_query_a_figure(self):
        """As many queries for twelve distributions as for two."""
        both = self.window.distribution_ids.with_user(self.user_coordinator)
        many = both
        for month in range(1, 6):
            window = self._coop_make_window(f"Commande {month}", days=30 * month)
            many |= window.distribution_ids.with_user(self.user_coordinator)
        names = both._get_tracking_fields()
        counts = []
        many.read(names)
        for some in (both, many):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLessEqual(counts[1], 25)

    def test_equipment_is_on_the_next_loading_sheet(self):
        self.own.coop_equipment_write("  Sacs et gants ")
        with self.assertRaises(AccessError):
            self.distribution_2.with_user(self.user_referent).coop_equipment_write("x")
        window = self._coop_make_window("Commande de juillet", days=30)
        following = window.distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point_1
        )
        self.assertEqual(
            following._get_equipment_to_bring(), {following: "Sacs et gants"}
        )
        self.own.action_equipment_brought()
        self.assertFalse(following._get_equipment_to_bring())

    def test_spreadsheet(self):
        content = (
            self.window.distribution_ids.with_user(self.user_coordinator)
            .with_context(lang="fr_FR")
            ._make_tracking_file()
        )
        book = load_workbook(io.BytesIO(content), data_only=True)
        tracking, groups, products, quantities = book.worksheets
        rows = list(tracking.iter_rows(values_only=True))
        heads = list(rows[0])
        turnover = [row[heads.index("Chiffre d'affaires")] for row in rows[1:4]]
        self.assertAlmostEqual(sum(turnover[:2]), 3 * self.AMOUNT - 1.0)
        self.assertAlmostEqual(turnover[2], 3 * self.AMOUNT - 1.0)
        by_group = {
            row[1]: row[2:]
            for row in groups.iter_rows(min_row=2, values_only=True)
            if row[1]
        }
        self.assertEqual(by_group["Toul centre"][:2], (2, 2))
        self.assertAlmostEqual(by_group["Nancy sud"][3], self.AMOUNT)
        by_product = {
            row[1]: row[2:] for row in products.iter_rows(min_row=2, values_only=True)
        }
        self.assertAlmostEqual(by_product["Carottes"][2], 5.5)
        self.assertAlmostEqual(by_product["Carottes"][3], 11.0)
        # 9 boxes of 0.4 kg
        self.assertAlmostEqual(by_product["Œufs par 6"][2], 3.6)
        heads, *rows = quantities.iter_rows(values_only=True)
        self.assertEqual(heads[4:6], ("Nancy sud", "Toul centre"))
        eggs = next(row for row in rows if row[1] == "Œufs par 6")
        self.assertEqual(eggs[3:6], (9, 3, 6))


@tagged("post_install", "-at_install")
class TestFigures(TrackingCase):
    def _figures(self, user, groupby):
        self.env.flush_all()
        return {
            record: values
            for record, *values in self.env["coop.distribution.report"]
            .with_user(user)
            ._read_group(
                [("window_id", "=", self.window.id)],
                [groupby],
                [
                    "amount:sum",
                    "weight:sum",
                    "order_id:count_distinct",
                    "partner_id:count_distinct",
                    "value_loss:sum",
                ],
            )
        }

    def test_by_point(self):
        self.own.coop_leftovers_record(
            [{"offer_id": self.carrots_offer.id, "stock": 0.0}]
        )
        rows = self._figures(self.user_coordinator, "collection_point_id")
        amount, weight, baskets, members, lost = rows[self.point_1]
        self.assertAlmostEqual(amount, 2 * self.AMOUNT - 1.0)
        # 3.5 kg of carrots, 6 × 0.4 kg of eggs, 0.8 kg of comté
        self.assertAlmostEqual(weight, 6.7)
        self.assertEqual((baskets, members), (2, 2))
        self.assertAlmostEqual(lost, 0.5)

    def test_by_group_a_loss_has_the_group_of_the_point(self):
        self.own.coop_leftovers_record(
            [{"offer_id": self.carrots_offer.id, "stock": 0.0}]
        )
        rows = self._figures(self.user_accountant, "group_id")
        self.assertAlmostEqual(rows[self.group_toul][4], 0.5)
        self.assertAlmostEqual(rows[self.group_nancy][0], self.AMOUNT)

    def test_credit_notes_are_deducted(self):
        invoice = self.order.invoice_ids
        refund = invoice._reverse_moves()
        refund.invoice_date = fields.Date.today()
        refund.action_post()
        rows = self._figures(self.user_coordinator, "collection_point_id")
        self.assertAlmostEqual(rows[self.point_1][0], self.AMOUNT - 1.0)

    def test_referents_read_their_own_points(self):
        rows = self._figures(self.user_referent, "collection_point_id")
        self.assertEqual(list(rows), [self.point_1])
        with self.assertRaises(AccessError):
            self._figures(self.user_member, "collection_point_id")


@tagged("post_install", "-at_install")
class TestTrackingRoute(TrackingCase, HttpCase):
    def _get(self, login, records):
        self.authenticate(login, login)
        ids = ",".join(str(id_) for id_ in records.ids)
        return self.url_open(f"/coop/distributions/tracking?ids={ids}")

    def test_who_downloads(self):
        self.assertEqual(self._get("coop_referent", self.distribution).status_code, 200)
        for login in ("coop_referent", "coop_member", "coop_internal"):
            self.assertEqual(self._get(login, self.distribution_2).status_code, 404)
        response = self._get("coop_accountant", self.window.distribution_ids)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(load_workbook(io.BytesIO(response.content)).sheetnames)
        self.assertEqual(
            self.url_open("/coop/distributions/tracking?ids=x").status_code, 404
        )
