# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A checker of FEC files that knows nothing of how they are made: the text alone.

The rules are those of article A47 A-1 of the Livre des procédures fiscales (columns,
order, separators, dates, amounts, entries that balance) and of lettering: a code and
its date go together, and the lines of a code settle each other within an account.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal, InvalidOperation

COLUMNS = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
# What may be empty; all the rest is owed on every line.
OPTIONAL = {
    "CompAuxNum",
    "CompAuxLib",
    "EcritureLet",
    "DateLet",
    "Montantdevise",
    "Idevise",
}
TOGETHER = (
    ("CompAuxNum", "CompAuxLib"),
    ("EcritureLet", "DateLet"),
    ("Montantdevise", "Idevise"),
)


def day(text):
    """A date of eight figures; raises a ValueError."""
    if len(text) != 8 or not text.isdigit():
        raise ValueError(text)
    return datetime.strptime(text, "%Y%m%d").date()


def amount(text):
    """An amount with a comma; raises a ValueError."""
    if "." in text or " " in text.strip():
        raise ValueError(text)
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error


def faults(content, start, end):
    """What is wrong, a sentence each; an empty list for a valid file.

    :param str content: the text of the file
    :param start, end: first and last day of the accounting year
    """
    lines = content.split("\r\n")
    if lines[0].split("|") != COLUMNS:
        return [f"the columns are {lines[0]}"]
    found = []
    entries, codes = defaultdict(Decimal), defaultdict(Decimal)
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("|")
        if len(cells) != len(COLUMNS):
            found.append(f"line {number}: {len(cells)} cells")
            continue
        row = dict(zip(COLUMNS, cells, strict=True))
        try:
            balance = _check_line(row, start, end, number, found)
        except ValueError as error:
            found.append(f"line {number}: {error} is not written as it must be")
            continue
        entries[row["JournalCode"], row["EcritureNum"], row["EcritureDate"]] += balance
        if row["EcritureLet"]:
            key = row["CompteNum"], row["CompAuxNum"], row["EcritureLet"]
            codes[key] += balance
    found += [f"entry {' '.join(key)}: {gap}" for key, gap in entries.items() if gap]
    found += [f"letter {' '.join(key)}: {gap}" for key, gap in codes.items() if gap]
    return found


def _check_line(row, start, end, number, found):
    empty = [name for name in COLUMNS if name not in OPTIONAL and not row[name].strip()]
    alone = [names for names in TOGETHER if bool(row[names[0]]) != bool(row[names[1]])]
    found += [f"line {number}: {name} is empty" for name in empty]
    found += [f"line {number}: {' without '.join(names)}" for names in alone]
    if not start <= day(row["EcritureDate"]) <= end:
        found.append(f"line {number}: {row['EcritureDate']} is of another year")
    for name in ("PieceDate", "ValidDate", "DateLet"):
        if row[name]:
            day(row[name])
    if not row["CompteNum"][:3].isdigit():
        found.append(f"line {number}: account {row['CompteNum']}")
    debit, credit = amount(row["Debit"]), amount(row["Credit"])
    if debit and credit:
        found.append(f"line {number}: debit and credit")
    if row["Montantdevise"]:
        amount(row["Montantdevise"])
    return debit - credit
