# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import signal
import subprocess
import sys
from pathlib import Path

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config, mute_logger

PROCESS = Path(__file__).with_name("matching_process.py")


class CommittedCase(BaseCase):
    """Real transactions: what is made is committed, and taken away at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._commit, self._clean)
        self.ids = self._commit(self._make)

    def _commit(self, work):
        with self.registry.cursor() as cr:
            return work(api.Environment(cr, SUPERUSER_ID, {}))

    def _make(self, env):
        """An order of ten hours, all done, and a supplier: no stock to take away."""
        supplier = env["res.partner"].create({"name": "At once", "is_company": True})
        product = env["product.product"].create(
            {
                "name": "At once",
                "type": "service",
                "purchase_method": "receive",
                "supplier_taxes_id": False,
            }
        )
        order = env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_qty": 10, "price_unit": 2}
                    )
                ],
            }
        )
        order.button_confirm()
        order.order_line.qty_received = 10
        return {"supplier": supplier.id, "product": product.id, "order": order.id}

    def _bills(self, env, count, prefix, linked=False):
        """Bills of six hours each; `linked` by hand to the order line."""
        order = env["purchase.order"].browse(self.ids["order"])
        line = order.order_line if linked else order.order_line.browse()
        return env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": self.ids["supplier"],
                    "ref": f"{prefix}-{number}",
                    "invoice_date": "2026-06-17",
                    "invoice_origin": order.name,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.ids["product"],
                                "purchase_line_id": line.id,
                                "quantity": 6,
                                "price_unit": 2,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
                for number in range(count)
            ]
        )

    def _clean(self, env):
        partner = [("partner_id", "=", self.ids["supplier"])]
        env["coop.supplier.claim"].search(partner).unlink()
        moves = env["account.move.line"].search(partner).move_id
        moves |= env["account.move"].search(partner)
        moves.line_ids.remove_move_reconcile()
        env["coop.lettering.run.line"].search(partner).run_id.unlink()
        env["coop.lettering.code"].search(partner).unlink()
        moves.filtered(lambda m: m.state == "posted").button_draft()
        moves.with_context(force_delete=True).unlink()
        order = env["purchase.order"].browse(self.ids["order"])
        order.button_cancel()
        order.unlink()
        env["coop.match.stamp"].search(partner).unlink()
        env["coop.lettering.counter"].search(
            [("partner_key", "=", self.ids["supplier"])]
        ).unlink()
        env["product.product"].browse(self.ids["product"]).unlink()
        env["res.partner"].browse(self.ids["supplier"]).unlink()

    def _second_is_refused(self, first_work, second_work):
        """Both read before either writes; the second is refused, replayed, and passes.

        The works are functions of an environment.
        """
        with self.registry.cursor() as first, self.registry.cursor() as second:
            envs = [api.Environment(cr, SUPERUSER_ID, {}) for cr in (first, second)]
            for env in envs:
                # A snapshot is taken at the first query.
                env.cr.execute("SELECT count(*) FROM res_company")
            first_work(envs[0])
            envs[0].flush_all()
            first.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                second_work(envs[1])
                envs[1].flush_all()
            second.rollback()
            envs[1].invalidate_all(flush=False)
            result = second_work(envs[1])
            envs[1].flush_all()
            second.commit()
            return result


@tagged("post_install", "-at_install")
class TestTwoAtOnce(CommittedCase):
    """Two runs that read the same receipts, or the same open lines, never both write:
    PostgreSQL refuses the second, Odoo replays it, and it sees what the first took."""

    def _match_two(self, linked):
        """Six and six billed of the ten that came: never twelve."""
        bills = self._commit(lambda env: self._bills(env, 2, "ONCE", linked).ids)

        def match(bill_id):
            return lambda env: env["account.move"].browse(bill_id)._coop_match()

        self._second_is_refused(match(bills[0]), match(bills[1]))

        def check(env):
            found = env["account.move"].browse(bills)
            taken = [sum(bill.bill_match_ids.mapped("quantity")) for bill in found]
            self.assertEqual(sorted(taken), [4, 6])
            over = found.bill_exception_ids
            self.assertEqual((over.kind, over.quantity), ("quantity_over", 2))
            self.assertEqual(over.bill_id, found[taken.index(4)])

        self._commit(check)

    def test_two_bills_of_the_same_goods(self):
        self._match_two(linked=False)

    def test_two_bills_linked_by_hand(self):
        """Neither writes on the order: only the supplier's stamp tells them apart."""
        self._match_two(linked=True)

    def _pair(self, env):
        """A posted bill and its payment."""
        bill = self._bills(env, 1, "FAONCE123")
        bill.action_post()
        payable = bill.line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        journal = env["account.journal"].search([("type", "=", "general")], limit=1)
        other = bill.invoice_line_ids.account_id
        payment = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": "2026-06-20",
                "line_ids": [
                    Command.create(
                        {
                            "name": "VIR FAONCE123-0",
                            "account_id": account.id,
                            "partner_id": self.ids["supplier"],
                            "balance": sign * bill.amount_total,
                        }
                    )
                    for account, sign in ((payable.account_id, 1), (other, -1))
                ],
            }
        )
        payment.action_post()
        return payable.id

    def test_two_letterings_of_the_same_lines(self):
        line_id = self._commit(self._pair)

        def letter(env):
            partner = env["res.partner"].browse(self.ids["supplier"])
            return env["coop.lettering.run"]._run(env.company, partners=partner)

        self.assertFalse(self._second_is_refused(letter, letter))

        def check(env):
            line = env["account.move.line"].browse(line_id)
            self.assertEqual(line.lettering_code, "AAA")
            self.assertEqual(len(line.matched_debit_ids), 1)

        self._commit(check)

    def test_two_letterings_never_give_one_code(self):
        def take(env):
            account = env["account.account"].search([], limit=1)
            key = (env.company.id, account.id, self.ids["supplier"])
            return env["coop.lettering.code"]._next_numbers({key: 1})[key]

        self.assertEqual(self._second_is_refused(take, take), 1)


@tagged("post_install", "-at_install")
class TestKilled(CommittedCase):
    """The matching by a process of its own, killed with SIGKILL, then run again."""

    def _run(self, stop=""):
        options = [f"--database={get_db_name()}", "--no-http", "--max-cron-threads=0"]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options.append(f"--{name.replace('_dir', '-dir')}={config[name]}")
        options.append("--addons-path=" + ",".join(map(str, config["addons_path"])))
        with subprocess.Popen(
            [sys.executable, str(PROCESS), stop, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            said = process.stdout.readline().strip()
            if stop:
                process.send_signal(signal.SIGKILL)
            error = process.stderr.read()
        self.assertEqual(said, "here" if stop else "done", error)

    def _read(self):
        """``(state, quantities matched, billed on the order line)`` of each bill."""

        def read(env):
            bills = env["account.move"].search(
                [("partner_id", "=", self.ids["supplier"])], order="id"
            )
            order = env["purchase.order"].browse(self.ids["order"])
            return (
                bills.mapped("match_state"),
                [sum(bill.bill_match_ids.mapped("quantity")) for bill in bills],
                order.order_line.qty_invoiced,
            )

        return self._commit(read)

    def test_killed_in_the_middle_then_run_again(self):
        self._commit(lambda env: self._bills(env, 3, "KILLED").ids)
        self._run("kill")
        # The second bill was written and not committed: nothing of it is left.
        self.assertEqual(self._read(), (["matched", "none", "none"], [6, 0, 0], 6))
        self._run()
        self.assertEqual(
            self._read(), (["matched", "exception", "exception"], [6, 4, 0], 18)
        )
