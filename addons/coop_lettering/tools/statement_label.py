# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a bank writes on a transaction, and in which a bill may be cited.

>>> references("VIR SEPA X FA123 FA124", "NOTPROVIDED", "")
'VIR SEPA X FA123 FA124'

A CAMT file leaves notes of the form "what (where in the file): value". An address or an
account number cites no bill:

>>> notes = ["Structured Reference (RmtInf/Strd/CdtrRefInf/Ref): RF18FA123",
...          "Postal Address (PstlAdr): 54200 Toul", "Tel 0612"]
>>> references("VIREMENT", "", chr(10).join(notes))
'VIREMENT RF18FA123 Tel 0612'
"""

import re

# Notes that name somebody, an account, a day or a kind of transaction.
ASIDE = re.compile(r"\((?:PstlAdr|RltdPties/\w+|BookgDt|BkTxCd)\)\s*:")
NOTE = re.compile(r"^[^:()]*\([A-Za-z/]+\)\s*:\s*")
NOTHING = {"", "/", "NOTPROVIDED", "NOT PROVIDED"}


def references(label, reference, notes):
    """One text of the label, the reference and the notes of a transaction."""
    texts = [label or "", reference or ""]
    for line in (notes or "").splitlines():
        if not ASIDE.search(line):
            texts.append(NOTE.sub("", line))
    found = []
    for text in texts:
        text = text.strip()
        if text.upper() not in NOTHING and text not in found:
            found.append(text)
    return " ".join(found)
