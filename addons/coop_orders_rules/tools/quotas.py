# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a window can be limited by, as a whole."""

QUOTAS = ("quota_amount", "quota_weight", "quota_orders")
