# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.coop_orders.tests.common import CoopOrdersCommon

from ..tools import pricing


@tagged("post_install", "-at_install")
class TestOfferPrefill(CoopOrdersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_window(
            cls.env,
            name="July order",
            offer_ids=False,
            closes_at=cls.now + timedelta(days=30),
        )

    def _wizard(self, user=None, **values):
        window = self.draft.with_user(user or self.buyer)
        action = window.action_prefill_offers()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user or self.buyer)
            .browse(action["res_id"])
        )
        wizard.write(values)
        return wizard

    def _line(self, wizard, index):
        return wizard.line_ids.filtered(lambda x: x.product_id == self.products[index])

    def _seller(self, index):
        return self.products[index].seller_ids

    def test_doctests(self):
        self.assertEqual(doctest.testmod(pricing).failed, 0)

    def test_last_window_of_the_same_groups_is_proposed(self):
        others = self._create_window(
            self.env,
            group_ids=[Command.set(self.other_group.ids)],
            closes_at=self.now + timedelta(days=5),
        )
        self.assertEqual(self.draft._coop_find_last_window(), self.window)
        self.assertNotEqual(self.draft._coop_find_last_window(), others)

    def test_last_window_of_the_same_template_comes_first(self):
        template = self.env["coop.order.window.template"].create({"name": "Monthly"})
        of_template = self._create_window(
            self.env,
            template_id=template.id,
            group_ids=[Command.set(self.other_group.ids)],
            closes_at=self.now + timedelta(days=1),
        )
        self.draft.template_id = template
        self.assertEqual(self.draft._coop_find_last_window(), of_template)

    def test_cancelled_and_later_windows_are_not_last_time(self):
        later = self._create_window(self.env, closes_at=self.now + timedelta(days=60))
        cancelled = self._create_window(
            self.env, closes_at=self.now + timedelta(days=20)
        )
        cancelled.action_cancel()
        self.assertEqual(self.draft._coop_find_last_window(), self.window)
        self.assertFalse(later == self.window)

    def test_one_click_takes_them_all(self):
        self.window.offer_ids[0].write(
            {"price_unit": 2.4, "pack_size": 6, "quantity_max": 12, "note": "Ripe"}
        )
        self._wizard().action_apply()
        self.assertEqual(self.draft.offer_ids.product_id, self.products)
        offer = self.draft.offer_ids.filtered(
            lambda o: o.product_id == self.products[0]
        )
        self.assertRecordValues(
            offer,
            [{"price_unit": 2.4, "pack_size": 6, "quantity_max": 12, "note": "Ripe"}],
        )
        self.assertEqual(self.draft.supplier_ids.partner_id, self.producers)

    def test_twice_adds_nothing_twice(self):
        self._wizard().action_apply()
        wizard = self._wizard()
        self.assertEqual(set(wizard.line_ids.mapped("status")), {"present"})
        wizard.line_ids.include = True
        wizard.action_apply()
        self.assertEqual(len(self.draft.offer_ids), len(self.products))

    def test_dearer_keeps_the_margin_and_is_shown(self):
        self.window.offer_ids[1].price_unit = 3.0
        self._seller(1).price = 2.2  # from 2.0
        wizard = self._wizard()
        self.assertRecordValues(
            self._line(wizard, 1),
            [
                {
                    "status": "up",
                    "include": True,
                    "cost_last": 2.0,
                    "cost_new": 2.2,
                    "price_last": 3.0,
                    "price_new": 3.3,
                }
            ],
        )
        wizard.action_apply()
        offer = self.draft.offer_ids.filtered(
            lambda o: o.product_id == self.products[1]
        )
        self.assertRecordValues(offer, [{"price_unit": 3.3, "purchase_price": 2.2}])

    def test_price_typed_in_the_preview_is_taken(self):
        self._seller(1).price = 1.8
        wizard = self._wizard()
        self.assertEqual(self._line(wizard, 1).status, "down")
        self._line(wizard, 1).price_new = 2.95
        wizard.action_apply()
        offer = self.draft.offer_ids.filtered(
            lambda o: o.product_id == self.products[1]
        )
        self.assertAlmostEqual(offer.price_unit, 2.95)

    def test_gone_is_shown_and_left_out(self):
        self._seller(2).is_available = False
        self.products[3].sale_ok = False
        wizard = self._wizard()
        self.assertEqual(self._line(wizard, 2).status, "gone")
        self.assertEqual(self._line(wizard, 3).status, "gone")
        wizard.action_apply()
        self.assertNotIn(self.products[2], self.draft.offer_ids.product_id)
        self.assertNotIn(self.products[3], self.draft.offer_ids.product_id)

    def test_new_in_the_catalogue_is_shown_not_taken_by_itself(self):
        new = self.env["product.product"].create(
            {
                "name": "Rhubarb",
                "list_price": 4.0,
                "seller_ids": [
                    Command.create({"partner_id": self.producers[0].id, "price": 3.0})
                ],
            }
        )
        wizard = self._wizard()
        line = wizard.line_ids.filtered(lambda x: x.product_id == new)
        self.assertRecordValues(line, [{"status": "new", "include": False}])
        line.include = True
        wizard.action_apply()
        offer = self.draft.offer_ids.filtered(lambda o: o.product_id == new)
        self.assertRecordValues(offer, [{"price_unit": 4.0, "purchase_price": 3.0}])

    def test_catalogue_of_a_producer(self):
        self._seller(3).is_available = False
        window = self.draft.with_user(self.coordinator)
        action = window.action_add_catalogue()
        wizard = self.env["coop.offer.prefill"].with_user(self.coordinator)
        with Form(wizard.browse(action["res_id"])) as form:
            form.supplier_ids.add(self.producers[0])
        wizard = form.record
        self.assertEqual(
            {line.product_id: line.status for line in wizard.line_ids},
            {self.products[0]: "new", self.products[3]: "gone"},
        )
        wizard.action_apply()
        self.assertEqual(self.draft.offer_ids.product_id, self.products[0])

    def test_changing_the_source_in_the_form_refreshes_the_lines(self):
        other = self._create_window(self.env, name="May order")
        other.offer_ids[1:].unlink()
        with Form(self._wizard()) as form:
            form.source_window_id = other
        included = form.record.line_ids.filtered("include")
        self.assertEqual(included.product_id, self.products[0])

    def test_closed_window_takes_no_more(self):
        wizard = self._wizard()
        wizard.action_apply()
        self.draft.action_open()
        self.draft.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            wizard.action_apply()

    def test_member_referent_and_producer_may_not(self):
        for user in (self.member_user, self.referent, self.producer_user):
            with self.assertRaises(AccessError):
                self._wizard(user=user)
            with self.assertRaises(AccessError):
                self.env["coop.offer.prefill"].with_user(user).create(
                    {"window_id": self.draft.id}
                )

    def test_queries_do_not_grow_with_the_offers(self):
        def cost(count):
            products = self.env["product.product"].create(
                [
                    {
                        "name": f"Many {count} {index}",
                        "seller_ids": [
                            Command.create(
                                {"partner_id": self.producers[0].id, "price": 1.0}
                            )
                        ],
                    }
                    for index in range(count)
                ]
            )
            source = self._create_window(
                self.env,
                offer_ids=[Command.create({"product_id": p.id}) for p in products],
            )
            target = self._create_window(self.env, offer_ids=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard = self.env["coop.offer.prefill"].create(
                {"window_id": target.id, "source_window_id": source.id}
            )
            wizard.action_apply()
            self.env.flush_all()
            self.assertEqual(len(target.offer_ids), count)
            return self.env.cr.sql_log_count - before

        cost(2)
        few, many = cost(5), cost(105)
        self.assertLess(many - few, 15, f"{few} for 5 offers, {many} for 105")
