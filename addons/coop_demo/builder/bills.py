# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Bills, claims, credit notes, payments and lettering of the finished month."""

from odoo.fields import Command

from .data import refresh_statistics

# What producers billed otherwise than received: product → (billed as ordered, price).
BILLED_AS_ORDERED = {"NOU", "MUN"}
DEARER = {"CAF": 1.08, "MAN": 1.06}
# This producer's bill still waits for the accountant.
LEFT_TO_CHECK = "Primeurs du Toulois"
# What the bank held before.
OPENING_BALANCE = 14250.0


def settle(env, calendar, users, window):
    accountant = env(user=users["accountant"])
    orders = window.with_user(users["buyer"]).purchase_order_ids.with_env(accountant)
    with calendar.at(calendar.past(21, 10)):
        bills = _key_bills(accountant, calendar, orders)
        bills.action_coop_match()
    with calendar.at(calendar.past(21, 15)):
        waiting = bills.filtered(lambda bill: bill.partner_id.name == LEFT_TO_CHECK)
        claimed = window.with_user(users["buyer"]).purchase_order_ids.filtered(
            lambda order: (
                order.draft_claim_count and order.partner_id != waiting.partner_id
            )
        )
        claimed.action_send_claims()
        bills -= waiting
        bills.filtered(lambda bill: bill.state == "draft").action_post()
    with calendar.at(calendar.past(24, 9)):
        _receive_credit_notes(accountant, calendar, claimed.claim_ids[:-1])
    with calendar.at(calendar.past(27, 9)):
        refresh_statistics(env)
        _import_bank(accountant, calendar, bills, window)
        accountant["coop.lettering.run"].action_letter()


def _key_bills(env, calendar, orders):
    """One bill an order, as its producer wrote it, with the references it cites."""
    journal = env["account.journal"].search(
        [("type", "=", "purchase"), ("company_id", "=", env.company.id)], limit=1
    )
    vals_list = []
    for number, order in enumerate(orders, start=1):
        lines = []
        for line in order.order_line:
            code = line.product_id.default_code
            billed = (
                line.product_qty if code in BILLED_AS_ORDERED else line.qty_received
            )
            if not billed:
                continue
            lines.append(
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.product_id.name,
                        "quantity": billed,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": round(line.price_unit * DEARER.get(code, 1), 2),
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
            )
        vals_list.append(
            {
                "move_type": "in_invoice",
                "journal_id": journal.id,
                "partner_id": order.partner_id.id,
                "ref": f"FA{calendar.month:%y%m}-{410 + number}",
                "invoice_date": calendar.past_day(20),
                "date": calendar.past_day(20),
                "invoice_date_due": calendar.past_day(28),
                "invoice_line_ids": lines,
                "bill_reference_ids": [
                    Command.create({"kind": "bt13", "value": order.name}),
                    Command.create(
                        {
                            "kind": "bt16",
                            "value": order.picking_ids[:1].delivery_note_ref,
                        }
                    ),
                ],
            }
        )
    return env["account.move"].create(vals_list)


def _receive_credit_notes(env, calendar, claims):
    """Producers credit what was claimed; the credit note cites the bill."""
    for claim in claims.with_env(env):
        bill = claim.bill_id
        lines = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "name": line.name,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "tax_ids": [
                        Command.set(
                            line.product_id.supplier_taxes_id._filter_taxes_by_company(
                                env.company
                            ).ids
                        )
                    ],
                }
            )
            for line in claim.line_ids
        ]
        note = env["account.move"].create(
            {
                "move_type": "in_refund",
                "journal_id": bill.journal_id.id,
                "partner_id": bill.partner_id.id,
                "ref": bill.ref.replace("FA", "AV"),
                "invoice_date": calendar.past_day(24),
                "date": calendar.past_day(24),
                "invoice_line_ids": lines,
                "bill_reference_ids": [
                    Command.create({"kind": "bt25", "value": bill.ref})
                ],
            }
        )
        note.action_coop_match()
        if note.state == "draft":
            note.action_post()


def _import_bank(env, calendar, bills, window):
    """The bank's lines: what was paid to producers, and members' transfers."""
    bank = env["account.journal"].search(
        [("coop_payment_kind", "=", "transfer"), ("company_id", "=", env.company.id)],
        limit=1,
    )
    vals_list = []
    for bill in bills:
        credit = env["account.move"].search(
            [
                ("move_type", "=", "in_refund"),
                ("ref", "=", bill.ref.replace("FA", "AV")),
            ]
        )
        cited = " ".join(filter(None, (bill.ref, credit.ref)))
        vals_list.append(
            {
                "journal_id": bank.id,
                "date": calendar.past_day(26),
                "payment_ref": f"VIR SEPA {bill.partner_id.name.upper()} {cited}",
                "partner_id": bill.partner_id.id,
                "amount": credit.amount_total - bill.amount_total,
            }
        )
    transfers = window.order_ids.with_env(env).filtered(
        lambda order: order.coop_payment_kind == "transfer"
    )
    for order in transfers[:-2]:  # two members have not paid yet
        vals_list.append(_member_pays(bank, calendar, order))
    # One of them pays in part, without saying what: a person confirms it.
    for order in transfers[-2:-1]:
        part = _member_pays(bank, calendar, order)
        part["payment_ref"] = f"VIREMENT {order.partner_id.name.upper()} ACOMPTE"
        part["amount"] = round(part["amount"] / 2)
        vals_list.append(part)
    vals_list.append(
        {
            "journal_id": bank.id,
            "date": calendar.past_day(26),
            "payment_ref": "FRAIS DE TENUE DE COMPTE",
            "amount": -8.5,
        }
    )
    total = sum(vals["amount"] for vals in vals_list)
    env["account.bank.statement"].create(
        {
            "name": f"Relevé {calendar.month:%m/%Y}",
            "date": calendar.past_day(26),
            "balance_start": OPENING_BALANCE,
            "balance_end_real": OPENING_BALANCE + total,
            "line_ids": [Command.create(vals) for vals in vals_list],
        }
    )


def _member_pays(bank, calendar, order):
    partner = order.partner_id
    return {
        "journal_id": bank.id,
        "date": calendar.past_day(25),
        "payment_ref": f"VIREMENT {partner.name.upper()} {order.name}",
        "partner_id": partner.id,
        "amount": sum(order.invoice_ids.mapped("amount_total")),
    }
