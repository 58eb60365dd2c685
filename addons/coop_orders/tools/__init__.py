# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    allocation,
    supplier_minimum,
    terms,
)
