# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Words that several models of distributions share."""

# Members read where they collect, never what was taken at the till.
STAFF = (
    "coop_base.coop_base_group_referent,coop_base.coop_base_group_buyer,"
    "account.group_account_invoice"
)
# Nobody carries more home by mistake: rather a unit that was misread.
ABSURD = 2000.0
