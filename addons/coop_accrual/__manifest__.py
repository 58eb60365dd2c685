# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Goods Received Not Invoiced",
    "summary": "Accruals on 408 at any date, reversed as bills come",
    "version": "19.0.2.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_reconciliation"],
    "data": [
        "security/ir.model.access.csv",
        "views/coop_accrual_views.xml",
    ],
    "auto_install": True,
}
