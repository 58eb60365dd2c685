# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Order forms that come back as spreadsheets: what each cell means. No ORM here."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

#: Cell (row, column), from 1, of the first quantity, and the row of the headings.
HEAD_ROW = 6
FIRST_ROW = 7
FIRST_COLUMN = 5
NAME_COLUMN = 2
HIDDEN_SHEET = "coop"
MARK = "coop_order_form/1"
MOST = 100_000


class FormError(ValueError):
    """The file as a whole is refused: ``code`` is ``foreign`` or ``headings``.

    For ``headings``, ``cell`` is where and ``expected`` what must be there.
    """

    def __init__(self, code, cell="", expected=""):
        super().__init__(code)
        self.code = code
        self.cell = cell
        self.expected = expected


@dataclass
class Form:
    """What a file says: quantities by (member, offer), and cells that say nothing.

    :ivar bad: ``{(member id, offer id): (code, text)}``, the code being ``text``,
        ``formula``, ``negative`` or ``huge``
    """

    form_id: int
    checksum: str
    members: list
    offers: list
    quantities: dict = field(default_factory=dict)
    bad: dict = field(default_factory=dict)

    def cell(self, member, offer):
        """Where a quantity is, as the spreadsheet shows it: "F12"."""
        return cell_name(
            FIRST_ROW + self.offers.index(offer),
            FIRST_COLUMN + self.members.index(member),
        )


def cell_name(row, column):
    """
    >>> cell_name(7, 5)
    'E7'
    """
    return f"{get_column_letter(column)}{row}"


def merge(exported, agreed, in_file, now):
    """What to do with one quantity of a form that came back.

    :param exported: in the file when it was made
    :param agreed: the last one that file and order agreed on, or that was decided on
    :param in_file: in the file now
    :param now: in the member's order now
    :return: ``same`` (nothing to do), ``keep`` (the file did not change it: the order
        stays), ``apply`` (only the file changed it), ``ask`` (both did)

    >>> merge(0, 0, 3, 0), merge(0, 3, 3, 3), merge(2, 2, 2, 5), merge(2, 2, 3, 5)
    ('apply', 'same', 'keep', 'ask')

    Uploaded once with 3, corrected to 5 in the same file:

    >>> merge(0, 3, 5, 3)
    'apply'

    A colleague's copy of the same form, where that cell was left as it was:

    >>> merge(0, 3, 0, 3)
    'ask'
    """
    if _same(in_file, now):
        return "same"
    if _same(in_file, agreed):
        return "keep"
    if _same(in_file, exported):
        return "ask"
    return "apply" if _same(now, agreed) else "ask"


def _same(one, other):
    return abs(one - other) < 1e-6


def read_form(book):
    """The :class:`Form` in an openpyxl workbook, headings checked.

    :param book: opened with formulas, not their results
    :raise FormError: not a form of ours, or moved headings
    """
    hidden = _read_hidden(book)
    sheet = book.worksheets[0]
    form = Form(
        hidden["form"][0],
        hidden["checksum"][0],
        hidden["members"],
        hidden["offers"],
    )
    for labels, ids, position in (
        (hidden["offer_labels"], form.offers, _offer_position),
        (hidden["member_labels"], form.members, _member_position),
    ):
        if len(labels) != len(ids):
            raise FormError("foreign")
        for index, label in enumerate(labels):
            row, column = position(index)
            if _text(sheet.cell(row, column).value) != _text(label):
                raise FormError("headings", cell_name(row, column), _text(label))
    for row, offer in enumerate(form.offers, FIRST_ROW):
        for column, member in enumerate(form.members, FIRST_COLUMN):
            code, value = read_quantity(sheet.cell(row, column).value)
            if code:
                form.bad[member, offer] = (code, value)
            else:
                form.quantities[member, offer] = value
    return form


def _offer_position(index):
    return FIRST_ROW + index, NAME_COLUMN


def _member_position(index):
    return HEAD_ROW, FIRST_COLUMN + index


def _read_hidden(book):
    if HIDDEN_SHEET not in book.sheetnames or len(book.sheetnames) < 2:
        raise FormError("foreign")
    rows = {
        str(row[0]): [value for value in row[1:] if value is not None]
        for row in book[HIDDEN_SHEET].iter_rows(values_only=True, max_row=20)
        if row and row[0]
    }
    wanted = (
        "mark", "form", "checksum", "members", "offers", "member_labels",
        "offer_labels",
    )  # fmt: skip
    if any(not rows.get(key) for key in wanted) or rows["mark"][0] != MARK:
        raise FormError("foreign")
    ids = rows["form"] + rows["members"] + rows["offers"]
    if not all(isinstance(number, int) for number in ids):
        raise FormError("foreign")
    return rows


def _text(value):
    return " ".join(str("" if value is None else value).split())


def read_quantity(value):
    """``(problem or None, number or text)`` of a cell.

    >>> read_quantity(None), read_quantity(2), read_quantity(" 1,5 ")
    ((None, 0.0), (None, 2.0), (None, 1.5))
    >>> read_quantity("two"), read_quantity("=1+1"), read_quantity(-1)
    (('text', 'two'), ('formula', '=1+1'), ('negative', '-1'))
    >>> read_quantity(1e9), read_quantity(True), read_quantity("nan")
    (('huge', '1000000000.0'), ('text', 'True'), ('text', 'nan'))
    """
    if value is None:
        return None, 0.0
    number = value
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None, 0.0
        if text.startswith("="):
            return "formula", text[:60]
        compact = "".join(text.split()).replace(",", ".")
        digits = compact.removeprefix("-").replace(".", "", 1)
        if not digits.isascii() or not digits.isdigit():
            return "text", text[:60]
        number = float(compact)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return "text", str(value)[:60]
    if number != number:
        return "text", str(value)[:60]
    if number < 0:
        return "negative", str(value)
    if number > MOST:
        return "huge", str(value)[:60]
    return None, float(number)
