"""An XLSX file of one sheet, written straight as XML: a cell costs what its text costs.

openpyxl makes objects of each cell and of its style: seconds, for ten thousand lines.
"""

import datetime
import io
import math
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

_NARROWEST, _WIDEST = 8, 60  # in characters
_LONGEST = 32_767  # characters that Excel keeps in a cell
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAY_WIDTH, _MOMENT_WIDTH = len("31/12/2027"), len("31/12/2027 18:30")
_HEADING, _TOP, _WRAPPED, _DAY, _MOMENT = range(1, 6)  # places in `cellXfs`, below

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = f"{_SCHEMAS}/spreadsheetml/2006/main"
_LINKS = f"{_SCHEMAS}/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f"""{_XML}
<Types xmlns="{_SCHEMAS}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>
</Types>""",
    "_rels/.rels": f"""{_XML}
<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">
<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""{_XML}
<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">
<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""{_XML}
<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><bookViews><workbookView/></bookViews>
<sheets><sheet name="Parvis" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/styles.xml": f"""{_XML}
<styleSheet xmlns="{_MAIN}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>
<numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">
<alignment vertical="top"/></xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"
 applyAlignment="1"><alignment vertical="top"/></xf>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"
 applyAlignment="1"><alignment vertical="top"/></xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}


def workbook(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """The file: bold titles that stay in sight, columns to filter, long texts wrapped.

    Days and moments (without zone) are real dates, numbers add up, all the rest is text.
    """
    letters = [get_column_letter(place) for place in range(1, len(titles) + 1)]
    widths = [max(len(title), _NARROWEST) for title in titles]
    lines = [
        _line(
            1,
            [
                _text(f"{letter}1", title, _HEADING)
                for letter, title in zip(letters, titles, strict=True)
            ],
        )
    ]
    for number, row in enumerate(rows, start=2):
        cells = []
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            cell, width = _cell(f"{letters[column]}{number}", value)
            cells.append(cell)
            widths[column] = max(widths[column], width)
        lines.append(_line(number, cells))
    area = f"A1:{letters[-1]}{len(lines)}"
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
        for name, content in _PARTS.items():
            file.writestr(name, content)
        file.writestr("xl/worksheets/sheet1.xml", _sheet(lines, widths, area))
    return kept.getvalue()


def _cell(place: str, value: Any) -> tuple[str, int]:
    """A cell, and the characters that its column should show."""
    match value:
        case str():
            pass
        case bool():
            return f'<c r="{place}" s="{_TOP}" t="b"><v>{value:d}</v></c>', _NARROWEST
        case int() | float() | Decimal() if math.isfinite(value):
            return f'<c r="{place}" s="{_TOP}"><v>{value}</v></c>', len(str(value))
        case datetime.datetime():
            return f'<c r="{place}" s="{_MOMENT}"><v>{to_excel(value)}</v></c>', _MOMENT_WIDTH
        case datetime.date():
            return f'<c r="{place}" s="{_DAY}"><v>{to_excel(value)}</v></c>', _DAY_WIDTH
        case _:
            value = str(value)
    width = len(value)
    if "\n" in value or "\r" in value:
        return _text(place, value, _WRAPPED), max(map(len, value.splitlines()), default=0)
    return _text(place, value, _WRAPPED if width > _WIDEST else _TOP), width


def _text(place: str, text: str, style: int) -> str:
    text = _NO_XML.sub("", text)[:_LONGEST]
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def _line(number: int, cells: list[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _sheet(lines: list[str], widths: list[int], area: str) -> str:
    # Excel refuses columns wider than 255 characters; long before, nobody reads them.
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{min(width, _WIDEST) + 2}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>"
        f'<autoFilter ref="{area}"/></worksheet>'
    )
