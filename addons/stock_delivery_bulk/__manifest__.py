# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Deliveries in Bulk",
    "summary": "Hundreds of deliveries at once: same moves and quants, few queries",
    "version": "19.0.2.0.0",
    "category": "Inventory/Inventory",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["stock"],
}
