# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Notes and coins of the euro, as a till is counted."""

# Euro notes and coins, largest first.
DENOMINATIONS = (
    *(200.0, 100.0, 50.0, 20.0, 10.0, 5.0),
    *(2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01),
)
