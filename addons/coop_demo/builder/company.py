# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command

from . import data

BANK_ACCOUNT = "FR7642559100000800123456771"
GROUPS = {
    "member": ["base.group_portal"],
    "producer": ["base.group_portal"],
    "referent": ["base.group_user", "coop_base.coop_base_group_referent"],
    "coordinator": ["base.group_user", "coop_base.coop_base_group_coordinator"],
    "buyer": ["base.group_user", "coop_base.coop_base_group_buyer"],
    "volunteer_coordinator": [
        "base.group_user",
        "coop_base.coop_base_group_volunteer_coordinator",
    ],
    "accountant": [
        "base.group_allow_export",
        "base.group_user",
        "account.group_account_basic",
        "account.group_account_manager",
    ],
    "manager": [
        "base.group_user",
        "base.group_system",
        "coop_base.coop_base_group_manager",
        "account.group_account_manager",
        "purchase.group_purchase_manager",
        "sales_team.group_sale_manager",
        "stock.group_stock_manager",
    ],
}


def build_company(env):
    """The main company becomes the cooperative."""
    company = env.company
    company.write(
        {
            "name": "Emplettes du Toulois",
            "street": "12 rue de la Cité",
            "zip": "54200",
            "city": "Toul",
            "phone": "03 83 43 00 00",
            "email": "bonjour@emplettes-toulois.example",
            "website": False,
            "logo": data.picture("logo"),
            "company_registry": "90213456700012",
            "coop_match_bills": True,
            "coop_keep_einvoices": True,
            "coop_refuse_duplicates": True,
        }
    )
    env["res.groups"]._offer_accounting(True)
    env["decimal.precision"]._coop_weigh_to_gram(True)
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    )
    warehouse.write({"name": "Entrepôt de Toul", "code": "TOUL"})
    names = {"cash": "Caisse", "cheque": "Chèques à remettre", "card": "Cartes"}
    for journal in env["account.journal"].search(
        [("company_id", "=", company.id), ("coop_payment_kind", "in", list(names))]
    ):
        journal.name = names[journal.coop_payment_kind]
    # By its number, a file of the bank finds its journal.
    bank = env["account.journal"].search(
        [("company_id", "=", company.id), ("coop_payment_kind", "=", "transfer")],
        limit=1,
    )
    bank.write(
        {
            "bank_account_id": env["res.partner.bank"]
            .create({"acc_number": BANK_ACCOUNT, "partner_id": company.partner_id.id})
            .id,
            "default_sheet_mapping_id": env.ref(
                "coop_reconciliation_bank."
                "account_statement_import_sheet_mapping_debit_credit"
            ).id,
        }
    )
    return company


def build_users(company):
    """One user per login of `data/logins.json`."""
    env, rows = company.env, data.logins()
    partners = env["res.partner"].create(
        [
            {
                "name": row["name"],
                "email": f"{row['login']}@emplettes-toulois.example",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
            }
            for row in rows
        ]
    )
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "partner_id": partner.id,
                    "login": row["login"],
                    "group_ids": [
                        Command.set([env.ref(xmlid).id for xmlid in GROUPS[row["key"]]])
                    ],
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "notification_type": "email",
                }
                for row, partner in zip(rows, partners, strict=True)
            ]
        )
    )
    _set_passwords(users, rows)


def _set_passwords(users, rows):
    """Each password is hashed once: a hash is made to take a third of a second."""
    crypt = users._crypt_context()
    hashes = {word: crypt.hash(word) for word in {row["password"] for row in rows}}
    for user, row in zip(users, rows, strict=True):
        user._set_encrypted_password(user.id, hashes[row["password"]])
