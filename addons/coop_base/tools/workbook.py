# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""xlsx files: written so that no text ever becomes a formula, read without trust.

Nothing here knows the database. Writing is xlsxwriter's, reading openpyxl's.
"""

import io
import zipfile

#: Bytes that the file, and all that it unpacks to, may take.
MAX_BYTES = 5_000_000
MAX_UNPACKED = 60_000_000


class WorkbookError(ValueError):
    """A file that cannot be read. ``code`` is ``empty``, ``format`` or ``too_big``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def new_workbook(buffer):
    """An xlsxwriter workbook in which what people typed stays text.

    A name such as ``=HYPERLINK(...)`` is written as it reads, never computed.

    :param buffer: binary stream that gets the file when the workbook is closed
    """
    # Imported here: slow to load.
    import xlsxwriter

    return xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )


def open_workbook(content, **options):
    """The openpyxl workbook of bytes that came from outside.

    What it unpacks to is looked at first: a small file can hold gigabytes.

    :param options: of ``openpyxl.load_workbook``
    :raise WorkbookError: not an xlsx, or too big

    >>> try:
    ...     open_workbook(b"Name;Quantity")
    ... except WorkbookError as error:
    ...     error.code
    'format'
    """
    from openpyxl import load_workbook

    if not content or not content.strip():
        raise WorkbookError("empty")
    if len(content) > MAX_BYTES:
        raise WorkbookError("too_big")
    if content[:4] != b"PK\x03\x04":
        raise WorkbookError("format")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise WorkbookError("too_big")
        return load_workbook(io.BytesIO(content), **options)
    except WorkbookError:
        raise
    except Exception as error:
        # openpyxl lets zipfile's, XML's and its own errors through on a bad file.
        raise WorkbookError("format") from error
