# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import coop_bill_proposal
from . import coop_delivery_note_import
