# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The columns of a list of offers, and what is typed in them.

Reading the file itself is ``coop_base``'s ``table_file``. Nothing here knows the
database.
"""

import re

from odoo.addons.coop_base.tools.table_file import fold
from odoo.addons.coop_tools.tools.number_text import parse_number

#: Field → headers that mean it; the first one is what an export writes, in French.
HEADERS = {
    "reference": ["Référence", "Réf", "Reference", "Internal Reference", "Code", "SKU",
                  "Code article", "Référence interne"],
    "barcode": ["Code-barres", "Barcode", "EAN", "EAN13", "GTIN", "Code EAN"],
    "supplier_code": ["Code du producteur", "Code fournisseur", "Supplier Code",
                      "Référence fournisseur", "Réf fournisseur", "Producer's Code"],
    "name": ["Produit", "Nom", "Désignation", "Libellé", "Article", "Product", "Name",
             "Nom du produit"],
    "supplier": ["Producteur", "Fournisseur", "Producer", "Supplier", "Vendor"],
    "price": ["Prix TTC", "Prix", "Prix de vente", "Prix unitaire TTC", "PU TTC",
              "Price with VAT", "Price", "Prix adhérent"],
    "cost": ["Coût HT", "Coût", "Prix d'achat", "Prix HT", "PU HT", "Prix producteur",
             "Purchase Price", "Cost", "Prix d'achat HT"],
    "unit": ["Unité", "Unit", "UdM", "Unité de vente"],
    "pack_size": ["Colis", "Taille du colis", "Colisage", "Pack Size", "Pack",
                  "Conditionnement"],
    "step": ["Pas", "Step"],
    "piece_weight": ["Poids d'une pièce (kg)", "Poids pièce", "Weight of a Piece (kg)",
                     "Poids d'une pièce"],
    "minimum": ["Minimum", "Minimum du producteur", "Quantité minimum"],
    "available": ["Disponible", "Available", "Stock", "Quantité disponible"],
    "per_member": ["Maximum par adhérent", "Max par adhérent", "Maximum per Member"],
    "note": ["Note", "Remarque", "Commentaire"],
    "category": ["Catégorie", "Category", "Rayon", "Famille"],
    "vat": ["TVA", "VAT", "TVA (%)", "Taux de TVA", "Taux TVA"],
    "origin": ["Origine", "Origin", "Provenance"],
}  # fmt: skip

BY_HEADER = {fold(name): key for key, names in HEADERS.items() for name in names}
#: A file needs one of these to say which product a row is about.
IDENTITY = {"reference", "barcode", "supplier_code", "name"}

#: What people write for Odoo's units.
UNITS = {
    "product_uom_unit": ["piece", "pieces", "unite", "unites", "u", "pce", "pc", "unit",
                         "units", "la piece", "lot", "bouteille", "sachet", "botte"],
    "product_uom_kgm": ["kg", "kilo", "kilos", "kilogramme", "kilogrammes", "le kilo"],
    "product_uom_gram": ["g", "gramme", "grammes"],
    "product_uom_litre": ["l", "litre", "litres", "le litre"],
}  # fmt: skip
UNIT_BY_NAME = {name: key for key, names in UNITS.items() for name in names}

#: More is a slip of the hand, or a barcode in the wrong column.
MOST = 100_000


def parse_amount(text):
    """``(number, None)`` or ``(None, why)``; why is ``number``, ``negative``, ``big``.

    >>> parse_amount("2,35 €"), parse_amount("1 250.5"), parse_amount("5,5 %")
    ((2.35, None), (1250.5, None), (5.5, None))
    >>> parse_amount("-1"), parse_amount("deux"), parse_amount("3760123456789")
    ((None, 'negative'), (None, 'number'), (None, 'big'))

    A formula is not a number: the spreadsheet's own result is needed.

    >>> parse_amount("=A1*2")
    (None, 'number')
    """
    cleaned = re.sub(r"(€|eur|%|ttc|ht)\s*$", "", text.strip(), flags=re.IGNORECASE)
    cleaned = cleaned.strip()
    if re.fullmatch(r"[-\u2212]\s*[\d\s.,]+", cleaned):
        return None, "negative"
    if re.fullmatch(r"\d{10,}", cleaned):
        return None, "big"
    number = parse_number(cleaned)
    if number is None:
        return None, "number"
    return (None, "big") if number > MOST else (number, None)
