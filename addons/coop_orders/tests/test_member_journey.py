# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CoopOrdersData


@tagged("post_install", "-at_install")
class TestMemberJourney(CoopOrdersData, HttpCase):
    """The member's pages in a real browser: lost replies, filters, clock, French."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coop(cls.env)

    def _open(self, **values):
        window = self._create_window(self.env, **values)
        window.action_open()
        return window, f"/my/coop/window/{window.id}"

    def _lines(self, window):
        self.env.invalidate_all()
        order = window.order_ids.filtered(lambda o: o.partner_id == self.member)
        return order, {
            line.product_id.name: line.product_uom_qty
            for line in order.order_line
            if line.offer_id
        }

    def test_a_lost_reply_and_a_late_message_count_once(self):
        window, url = self._open()
        self.start_tour(url, "coop_orders_member_lost_reply", login="coop_member_a")
        _order, lines = self._lines(window)
        self.assertEqual(lines, {"Product 0": 5, "Product 1": 2})

    def test_filters(self):
        labels = self.env["coop.product.label"].search([], limit=1)
        products = self.products
        products[1:3].write({"coop_label_ids": [Command.set(labels.ids)]})
        products[2].write({"coop_storage": "dry", "coop_origin": "Village 2"})
        products[3].coop_storage = "frozen"
        for days in (30, 60):
            past, _url = self._open(closes_at=self.now + timedelta(days=1))
            lines = [(past.offer_ids[4], 1)]
            if days == 30:
                lines.append((past.offer_ids[0], 1))
            self.env["sale.order"]._coop_create_orders(
                past, [{"partner": self.member, "lines": lines}]
            )
            past.write(
                {"closes_at": self.now - timedelta(days=days), "state": "closed"}
            )
        self.member._coop_set_favourite(products[5].product_tmpl_id, True)
        _window, url = self._open()
        self.start_tour(url, "coop_orders_member_filters", login="coop_member_a")
        self.assertFalse(self.member.coop_favourite_ids)

    def test_countdown_of_a_phone_with_a_wrong_clock(self):
        window, url = self._open()
        self.authenticate("coop_member_a", "coop_member_a")
        self.url_open(url)
        window.closes_at = datetime.now().replace(microsecond=0) + timedelta(
            seconds=110
        )
        self.start_tour(url, "coop_orders_member_clock", login="coop_member_a")

    def test_deadline_over_the_change_of_hour(self):
        """The same hour on the wall before and after it; the countdown has the hour."""
        self.authenticate("coop_member_a", "coop_member_a")
        self.company.coop_tz = "Europe/Paris"
        for closes_at, iso in (
            (datetime(2030, 3, 30, 19), "2030-03-30T19:00:00Z"),
            (datetime(2030, 4, 1, 18), "2030-04-01T18:00:00Z"),
        ):
            _window, url = self._open(closes_at=closes_at)
            page = self.url_open(url).text
            self.assertIn(f'data-deadline="{iso}"', page)
            self.assertRegex(page, r"(8:00\s?PM|20:00)")

    def test_the_whole_way_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.member_user.lang = "fr_FR"
        window, _url = self._open(offers={1: {"pack_size": 6}})
        distribution = window.distribution_ids.filtered(
            lambda d: d.collection_point_id == self.point
        )
        distribution.slot_ids = [
            Command.create(
                {
                    "date_start": distribution.date_start,
                    "date_end": distribution.date_start + timedelta(hours=1),
                    "capacity": 8,
                }
            )
        ]
        self.start_tour("/my/coop", "coop_orders_member_journey", login="coop_member_a")
        order, lines = self._lines(window)
        self.assertEqual(lines, {"Product 1": 1, "Product 3": 2})
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.slot_id, distribution.slot_ids)
        self.assertEqual(order.coop_note, "Ma voisine vient pour moi.")
        self.assertAlmostEqual(order._coop_get_donation_amount("person"), 2.0)
        line = order.order_line.filtered(lambda li: li.product_id == self.products[1])
        self.assertEqual(line.quantity_tolerance, 2)
