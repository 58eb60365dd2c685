# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Words that several models of orders share."""

# Sales order states that count as a demand; what is cancelled never does.
DEMAND_STATES = ("draft", "sent", "sale")
# Who sees the producers' prices.
MONEY_GROUPS = (
    "coop_base.coop_base_group_coordinator,coop_base.coop_base_group_buyer,"
    "purchase.group_purchase_user,account.group_account_readonly,"
    "account.group_account_invoice"
)
# Value of the context key ``coop_repricing``: an object, so that no client can send it.
# Only what tells the members concerned changes a price that they ordered at.
REPRICING = object()
