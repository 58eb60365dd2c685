import uuid

from odoo.tests import new_test_user, tagged

from tests.killed_case import KilledCase

MEMBERS, FARMS = 5, 3


@tagged("post_install", "-at_install")
class TestKilled(KilledCase):
    """The close by a process of its own, killed with SIGKILL, then run again."""

    process_name = "closing_process.py"

    def _create_data(self, env):
        tag = uuid.uuid4().hex[:8]
        buyer = new_test_user(
            env, f"buyer_{tag}", "coop_base.coop_base_group_buyer", email="b@x.example"
        )
        self.buyer_id = buyer.id
        self.made += [
            ("res.partner", buyer.partner_id.ids),
            ("res.users", buyer.ids),
        ]
        group = self._make(env, "coop.group", [{"name": tag, "code": tag}])
        farms = self._make(
            env,
            "res.partner",
            [
                {"name": f"Farm {tag} {i}", "email": f"{tag}{i}@farm.example"}
                for i in range(FARMS)
            ],
        )
        self.addresses = set(farms.mapped("email_normalized"))
        products = self._make(
            env,
            "product.product",
            [
                {"name": f"{tag} {i}", "list_price": 3, "is_storable": True}
                for i in range(FARMS)
            ],
        )
        members = self._make(
            env,
            "res.partner",
            [
                {
                    "name": f"Member {tag} {i}",
                    "is_coop_member": True,
                    "coop_group_id": group.id,
                }
                for i in range(MEMBERS)
            ],
        )
        self._make_mail_server(env, tag)
        window = env["coop.order.window"].create(
            {
                "name": tag,
                "closes_at": "2199-01-01 00:00:00",
                "group_ids": [(6, 0, group.ids)],
                "offer_ids": [
                    (0, 0, {"product_id": product.id, "supplier_id": farm.id})
                    for product, farm in zip(products, farms, strict=True)
                ],
            }
        )
        self.window_id = window.id
        window.action_open()
        env["sale.order"]._coop_create_orders(
            window,
            [
                {
                    "partner": member,
                    "lines": [(offer, 2) for offer in window.offer_ids],
                    "state": "sent",
                }
                for member in members
            ],
        )
        # Due: the cron closes it.
        window.closes_at = env.cr.now().replace(microsecond=0)

    def _clean(self, env):
        window = env["coop.order.window"].browse(self.window_id)
        orders = window.purchase_order_ids
        mails = env["mail.mail"].search(
            [("model", "=", "purchase.order"), ("res_id", "in", orders.ids)]
        )
        mails.unlink()
        orders.button_cancel()
        pickings = orders.picking_ids
        pickings.move_ids.unlink()
        pickings.unlink()
        orders.unlink()
        window.order_ids.write({"state": "cancel"})
        window.order_ids.unlink()
        window.state = "draft"
        window.unlink()
        self._unlink_made(env)

    def _run(self, stop=""):
        """Run the whole close in a new process, killed at ``stop`` if there is one."""
        self._run_process(str(self.window_id), str(self.buyer_id), stop=stop)

    def _read(self):
        """``(orders confirmed, purchase orders by state, mails arrived)``."""

        def read(env):
            window = env["coop.order.window"].browse(self.window_id)
            return (
                sorted(window.order_ids.mapped("state")),
                sorted(window.purchase_order_ids.mapped("state")),
            )

        orders, purchases = self._commit(read)
        return orders.count("sale"), purchases, len(self._get_received())

    def _get_received(self):
        """What the producers got; the buyer is told of what to do by mail too."""
        return [
            (addresses, message)
            for addresses, message in self.mailbox.messages
            if self.addresses & set(addresses)
        ]

    def _check_all_is_there_once(self):
        def check(env):
            window = env["coop.order.window"].browse(self.window_id)
            orders = window.purchase_order_ids
            self.assertEqual(len(orders.partner_id), FARMS)
            self.assertEqual(orders.order_line.mapped("product_qty"), [10.0] * FARMS)
            self.assertEqual(len(orders.picking_ids), FARMS)
            self.assertTrue(all(orders.mapped("coop_sent_at")))
            return set(orders.mapped("name"))

        names = self._commit(check)
        self.assertEqual(self._read(), (MEMBERS, ["purchase"] * FARMS, FARMS))
        received = self._get_received()
        self.assertEqual(
            {address for addresses, _m in received for address in addresses},
            self.addresses,
        )
        attached = {
            part.get_filename().split(" ")[0].removesuffix(".pdf")
            for _rcpts, message in received
            for part in message.walk()
            if part.get_content_type() == "application/pdf"
        }
        self.assertEqual(attached, names)

    def test_killed_wherever_it_hurts_then_run_again(self):
        # The first two orders are confirmed, the next two were just being.
        self._run("confirm")
        self.assertEqual(self._read(), (2, [], 0))
        # The rest is confirmed; the purchase orders were made but not committed.
        self._run("create")
        self.assertEqual(self._read(), (MEMBERS, [], 0))
        # Confirmed, received by nobody: the mails were queued but not committed.
        self._run("send")
        self.assertEqual(self._read(), (MEMBERS, [], 0))
        # The second mail left; that it did was not committed.
        self._run("mail")
        self.assertEqual(self._read(), (MEMBERS, ["purchase"] * FARMS, 2))
        self._run()
        self._check_all_is_there_once()
        # The mail that may not have left is for the buyer to ask about, once.
        self._commit(self._check_doubt)

    def _check_doubt(self, env):
        orders = env["coop.order.window"].browse(self.window_id).purchase_order_ids
        failed = env["mail.mail"].search_count(
            [
                ("model", "=", "purchase.order"),
                ("res_id", "in", orders.ids),
                ("state", "=", "exception"),
            ]
        )
        self.assertEqual(failed, 1)
        self.assertIn("whether the order arrived", orders.activity_ids.summary)
        self.assertEqual(orders.activity_ids.user_id.id, self.buyer_id)
