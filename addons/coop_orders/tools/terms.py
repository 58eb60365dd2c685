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
# Values of ``coop_erasing``, ``coop_serving_waiting`` and ``coop_reopen_confirmed``:
# they open what is closed to a client.
ERASING = object()
SERVING = object()
REOPENING = object()
# Value of ``coop_limits_checked``: they were checked, under their locks, just before.
LIMITS_CHECKED = object()


class Trial:
    """An order is only tried, as a member: value of ``coop_trial``, server-made too.

    ``member_id``: id of the member, None before anybody was chosen.
    """

    def __init__(self, member_id=None):
        self.member_id = member_id


class DemandChange(dict):
    """``{offer id: (quantity, tolerance)}`` that somebody only thinks about.

    Value of ``coop_demand_change``: a client can send a dictionary, not this.
    """
