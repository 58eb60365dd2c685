# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read OFX files (1.x SGML and 2.x XML) as French banks write them.

``ofxparse`` reads them, once what it does not expect is put in order: the encoding that
the header announces wrongly or not at all, hours of another time zone that would move a
transaction to the day before, a file cut in the middle.

>>> text = b"OFXHEADER:100\\nENCODING:USASCII\\nCHARSET:1252\\n\\n<OFX><BANKMSGSRSV1>"
>>> read(text)
Traceback (most recent call last):
...
ValueError: the file is cut
"""

import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ofxparse import OfxParser
from ofxparse.ofxparse import OfxParserException

HEADER = b"OFXHEADER:100\nENCODING:UTF-8\n\n"
START = re.compile(r"<OFX>", re.IGNORECASE)
END = re.compile(r"</OFX>\s*$", re.IGNORECASE)
# A day and what follows it: an hour, milliseconds, a time zone.
MOMENT = re.compile(r"(<DT[A-Z]+>\s*\d{8})[^<\r\n]*", re.IGNORECASE)
AMOUNT = re.compile(r"(<(?:TRNAMT|BALAMT)>)([^<\r\n]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Transaction:
    """identifier: the bank's own, unique for an account, or empty."""

    date: date
    amount: Decimal
    label: str
    identifier: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Statement:
    """balance: at the end, as the file says; None where it does not."""

    account: str
    currency: str
    balance: Decimal | None = None
    transactions: list = field(default_factory=list)


def is_ofx(data):
    """
    >>> is_ofx(b"OFXHEADER:100\\nDATA:OFXSGML"), is_ofx(b"Date;Montant;FA-OFX 12")
    (True, False)
    """
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").upper()
    return head.startswith((b"OFXHEADER", b"<OFX>")) or b"<?OFX " in head


def decode(data):
    """Text of the file: UTF-8 where it is valid, else what French banks write.

    The header is not believed: many say USASCII, 1252 in front of UTF-8.

    >>> decode("Épicerie".encode("cp1252")), decode("Épicerie".encode())
    ('Épicerie', 'Épicerie')
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def plain_amount(text):
    """An amount as Python writes it.

    >>> [plain_amount(text) for text in ("-1 247,00", "+1.012,50", "-1,247.00", "12.5")]
    ['-1247.00', '1012.50', '-1247.00', '12.5']
    >>> plain_amount("douze")
    Traceback (most recent call last):
    ...
    ValueError: douze is no amount
    """
    figure = re.sub(r"[\s\u00a0\u202f']", "", text).removeprefix("+")
    decimal = max(figure.rfind(","), figure.rfind("."))
    if decimal >= 0:
        figure = re.sub(r"[.,]", "", figure[:decimal]) + "." + figure[decimal + 1 :]
    if not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", figure):
        raise ValueError(f"{text.strip()} is no amount")
    return figure


def read(data):
    """Statements of an OFX file, one an account.

    :raises ValueError: the file is cut, or holds an amount or a date that is none
    """
    text = decode(data)
    start = START.search(text)
    if not start or not END.search(text):
        raise ValueError("the file is cut")
    body = MOMENT.sub(r"\1", text[start.start() :])
    body = AMOUNT.sub(lambda found: found[1] + plain_amount(found[2]), body)
    try:
        content = OfxParser.parse(io.BytesIO(HEADER + body.encode()))
    except (OfxParserException, AttributeError, IndexError) as error:
        raise ValueError(str(error)) from error
    result = []
    for account in content.accounts:
        statement = account.statement
        if not getattr(statement, "transactions", None):
            continue
        balance = getattr(statement, "balance", None)
        result.append(
            Statement(
                account=account.account_id,
                currency=(statement.currency or "").upper(),
                balance=balance if isinstance(balance, Decimal) else None,
                transactions=[_transaction(found) for found in statement.transactions],
            )
        )
    return result


def _transaction(found):
    name, memo = (found.payee or "").strip(), (found.memo or "").strip()
    # Some banks repeat the name at the head of the memo, cut or not.
    words = [memo] if memo.startswith(name) else [name, memo]
    if found.checknum and found.checknum not in " ".join(words):
        words.append(found.checknum)
    return Transaction(
        date=found.date.date(),
        amount=found.amount,
        label=" ".join(word for word in words if word),
        identifier=(found.id or "").strip(),
        kind=(found.type or "").upper(),
    )
