"""The demo cooperative, built small: the chain from last month to the lettering."""

import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.coop_demo import builder
from odoo.addons.coop_demo.builder import data, shelf
from odoo.addons.coop_demo.builder.calendar import Calendar


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Around the day of the run, as `./coop run` does: each run tries another one
        # (`./coop test --at`). The clock stops there, for what is late or to come.
        clock = freeze_time(fields.Datetime.now())
        clock.start()
        cls.addClassCleanup(clock.stop)
        builder.build(cls.env, members=150, orders=120)
        windows = cls.env["coop.order.window"].search([], order="id")
        cls.present, cls.past, cls.week = windows

    def test_what_is_built_is_not_built_again(self):
        """By a process that goes on where another was killed."""
        orders = self.env["sale.order"].search_count([])
        for number, _step in enumerate(builder.STEPS):
            self.assertFalse(builder.run_step(self.env, number))
        self.assertEqual(self.env["sale.order"].search_count([]), orders)

    def test_calendar_weeks(self):
        """Sunday's week began six days before, Monday's today."""
        monday, sunday = datetime.date(2026, 11, 30), datetime.date(2026, 12, 6)
        for today, ago, weeks in (
            (monday, 0, 0),
            (monday, 1, 1),
            (monday, 7, 1),
            (monday, 8, 2),
            (sunday, 6, 0),
            (sunday, 7, 1),
            (sunday, 13, 1),
            (sunday, 14, 2),
        ):
            self.assertEqual(shelf._count_mondays(today, ago), weeks, (today, ago))

    def test_every_login_has_its_user(self):
        logins = {row["login"] for row in data.logins()}
        users = self.env["res.users"].search([("login", "in", list(logins))])
        self.assertEqual(set(users.mapped("login")), logins)
        self.assertEqual(set(users.mapped("lang")), {"fr_FR"})

    def test_months_are_said_as_they_are(self):
        october = Calendar(datetime.date(2026, 11, 22)).of_month()
        self.assertEqual(october, "d'octobre 2026")
        december = Calendar(datetime.date(2027, 1, 1)).of_month()
        self.assertEqual(december, "de décembre 2026")

    def test_volume(self):
        self.assertEqual(len(self.past.order_ids), 120)
        self.assertEqual(len(self.past.distribution_ids), 18)
        self.assertEqual(len(self.past.offer_ids), 60)
        pictures = self.past.offer_ids.product_id.filtered("image_128")
        self.assertEqual(len(pictures), 60)

    def test_last_month_is_finished_to_the_lettering(self):
        month = Calendar(self.env.company._coop_get_today()).of_month()
        self.assertEqual(self.past.name, f"Commande {month}")
        self.assertEqual(self.past.state, "done")
        pickings = self.past.purchase_order_ids.picking_ids
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        states = set(self.past.distribution_ids.mapped("state"))
        self.assertEqual(states, {"closed"})
        served = self.past.order_ids.filtered(lambda o: o.serve_state == "served")
        self.assertGreater(len(served), 110)
        for line in served.order_line:
            self.assertAlmostEqual(line.qty_delivered, line.quantity_allocated, 6)
        bills = self.env["account.move"].search([("move_type", "=", "in_invoice")])
        paid = bills.filtered(lambda bill: bill.payment_state == "paid")
        self.assertEqual(len(bills - paid), 1, "one bill waits for the accountant")
        payable = paid.line_ids.filtered(
            lambda line: line.account_type == "liability_payable"
        )
        self.assertTrue(all(payable.mapped("lettering_code")))

    def test_statement_of_the_bank(self):
        """Lettered by itself, but for a payment to confirm and the bank's fee."""
        statement = self.env["account.bank.statement"].search([])
        self.assertTrue(statement.is_valid and statement.is_complete)
        left = statement.line_ids.filtered(lambda line: not line.is_reconciled)
        self.assertEqual(len(left), 2)
        part = left.filtered("lettering_suggestion")
        self.assertIn("ACOMPTE", part.payment_ref)
        self.assertTrue(part.reconcile_data_info["counterparts"])
        self.assertEqual((left - part).amount, -8.5)

    def test_discrepancies_are_claimed(self):
        claims = self.env["coop.supplier.claim"].search([])
        self.assertIn("closed", claims.mapped("state"))
        self.assertIn("draft", claims.mapped("state"))
        self.assertEqual(claims.purchase_order_id.order_window_id, self.past)

    def test_this_month_is_open_with_a_basket(self):
        self.assertEqual(self.present.state, "open")
        camille = self.env["res.users"].search([("login", "=", "membre")]).partner_id
        basket = self.present.order_ids.filtered(lambda o: o.partner_id == camille)
        self.assertEqual(basket.state, "draft")
        self.assertEqual(len(basket.order_line), 5)

    def test_producers_deliver_on_their_days(self):
        baker = self.env["res.partner"].search([("name", "=", "Fournil des Remparts")])
        self.assertEqual(
            [baker[f"coop_delivers_{day}"] for day in range(7)],
            [day == 2 for day in range(7)],
        )
        row = self.present.supplier_ids.filtered(lambda r: r.partner_id == baker)
        self.assertEqual(row.delivery_date.weekday(), 2)
        self.assertFalse(any(self.past.supplier_ids.mapped("closes_at")))

    def test_the_shop_s_shelves_have_weeks_to_learn_from(self):
        weeks = self.env["coop.shelf.week"].search([])
        self.assertEqual(len(weeks.partner_id), 2)
        self.assertGreater(sum(weeks.mapped("quantity_lost")), 10)
        # What the dairy could not bring, and few other days.
        short = weeks.filtered("amount_missed").product_id
        self.assertEqual(len(short), 1)
        self.assertIn(short.default_code, shelf.SHORT_CODES)
        missing = weeks.filtered(lambda w: w.product_id == short)
        self.assertGreater(sum(missing.mapped("days_out")), 2)
        rate = sum(weeks.mapped("days_out")) / sum(weeks.mapped("open_days"))
        self.assertLess(rate, 0.2)
        plans = self.env["coop.purchase.plan"].search([])
        self.assertEqual(set(plans.mapped("state")), {"draft"})
        self.assertTrue(all(plan.line_ids.filtered("packs") for plan in plans))
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", weeks.product_id.ids),
                ("location_id.usage", "=", "internal"),
            ]
        )
        self.assertTrue(all(quant.quantity >= 0 for quant in quants))

    def test_nothing_of_last_month_waits_to_be_sent(self):
        waiting = self.env["mail.mail"].search([("state", "=", "outgoing")])
        self.assertFalse(
            waiting.filtered(lambda m: m.res_id in self.past.purchase_order_ids.ids)
        )

    def test_committees_have_a_life(self):
        committees = self.env["coop.committee"].search([])
        cold = committees.filtered(lambda c: c.name == "Bâtiment et froid")
        _till, isolation = cold._read_projects(self.env.company)
        self.assertEqual(
            (isolation["name"], isolation["done"], isolation["open"]),
            ("Isoler la chambre froide", 2, 2),
        )
        self.assertEqual(len(isolation["committees"]), 2)
        ended = cold._read_projects(self.env.company, ended=True)
        self.assertTrue(ended[0]["closing_word"])
        merged = committees.filtered("merged_into_id")
        self.assertTrue(merged.dissolved_on and merged.closing_word)
        self.assertTrue(cold.next_meeting_at)

    def test_a_request_became_knowledge(self):
        request = self.env["coop.committee.request"].search([("state", "=", "done")])
        self.assertEqual(len(request.reply_ids), 2)
        self.assertIn("Jamais de couteau", request.page_id.body)
        page = self.env["coop.knowledge.page"].search([("role_ids", "!=", False)])
        self.assertEqual(len(page.version_ids), 2)
        skilled = self.env["res.partner"].search(
            [("coop_skills_listed_on", "!=", False)]
        )
        self.assertEqual(len(skilled), 3)

    def test_hours_in_a_committee_count(self):
        camille = self.env["res.users"].search([("login", "=", "membre")]).partner_id
        entries = camille.volunteer_ledger_ids.filtered(
            lambda entry: entry.reason == "committee"
        )
        self.assertAlmostEqual(sum(entries.mapped("points")), 1.0)

    def test_a_call_for_the_next_distribution(self):
        call = self.env["coop.distribution.call"].search([])
        self.assertEqual(call.state, "open")
        self.assertTrue(0 < call.coming_count < call.needed_count)
        self.assertTrue(call.declined_count)
        camille = self.env["res.users"].search([("login", "=", "membre")]).partner_id
        told = self.env["coop.shift.notice"].search([("call_id", "=", call.id)])
        self.assertIn(camille, told.partner_id)
        driver = call.line_ids.filtered("round_id")
        self.assertEqual(driver.round_id.driver_id.name, driver.member_names)

    def test_seats_are_kept_for_newcomers(self):
        template = self.env["coop.shift.template"].search(
            [("name", "=", "Distribution du samedi")], limit=1
        )
        shift = template.shift_ids.filtered(lambda s: s.state == "planned")[-1:]
        self.assertEqual(sum(shift.seat_ids.mapped("reserved_count")), 2)
        self.assertTrue(self.env["coop.shift.pair"].search_count([]))

    def test_a_day_of_distribution_is_under_way(self):
        states = self.week.distribution_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["closed", "open", "prepared"])
        over, today, _later = self.week.distribution_ids.sorted("id")
        served = today.order_ids.filtered(lambda o: o.serve_state == "served")
        self.assertTrue(served.filtered("collected_by"))
        self.assertTrue(today.order_ids.filtered("arrived_at") - served)
        till = self.env["coop.cash.session"].search([("distribution_id", "=", over.id)])
        self.assertEqual(till.state, "checked")
        self.assertAlmostEqual(till.difference_cash, 2.0)
        self.assertTrue(till.move_ids)
        self.assertTrue(over.leftovers_at)
        self.assertGreater(over.value_loss, 0.0)
        self.assertTrue(over.equipment_needed)

    def test_goods_to_receive_to_cut_and_to_bring_home(self):
        receipts = self.week.purchase_order_ids.picking_ids
        waiting = receipts.filtered(lambda p: p.state != "done")
        self.assertEqual(waiting.partner_id.name, "Fournil des Remparts")
        comte = receipts.move_ids.filtered(
            lambda m: m.product_id.default_code == "COMT"
        )
        self.assertEqual(len(comte._coop_get_blocks()), 2)
        self.assertTrue(self.week.distribution_ids.cut_piece_ids)
        homes = self.week.order_ids.filtered("coop_home_delivery")
        self.assertGreater(len(homes), 1)
        rounds = self.env["coop.round"].search([("window_id", "=", self.week.id)])
        self.assertEqual(set(rounds.mapped("weight_capacity")), {1100.0, 500.0})
        kinds = rounds.stop_ids.mapped("kind")
        self.assertEqual(set(kinds), {"point", "home", "pickup"})
        self.assertFalse(any(rounds.mapped("is_overloaded")))
        camille = self.env["res.users"].search([("login", "=", "membre")])
        self.assertEqual(
            rounds.filtered(
                lambda r: r.driver_id == camille.partner_id
            ).stop_ids.order_id,
            homes,
        )

    def test_where_members_stood_week_after_week(self):
        camille = self.env["res.users"].search([("login", "=", "membre")]).partner_id
        self.assertEqual(camille.volunteer_status, "up_to_date")
        rows = self.env["coop.volunteer.day"]._read_group(
            [("status", "=", "alert")], ["date:week"], ["member_count:sum"]
        )
        self.assertEqual(len(rows), 13)
        # Her absence of 45 days ago was made up: the line is not flat.
        self.assertGreater(len({count for _week, count in rows}), 1)
