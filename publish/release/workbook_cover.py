"""The first sheet of the workbook: what the release is, what each sheet holds, what each column means."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from publish.bucket.manifest import LICENCE, LICENCE_URL
from schemas.registry.sources import Source
from schemas.release import Release
from schemas.tables.columns import ROWS_ZH, SHEETS, TABLES, Column

ABOUT = "说明"

_TYPES: Mapping[str, str] = MappingProxyType({"string": "文本", "number": "数值", "integer": "整数", "date": "日期"})

Line = tuple[str, ...]


def cover(release: Release, source: Source) -> Iterator[Line]:
    """Return the lines of the sheet, each as its cells."""
    yield from _release(release, source)
    yield ()
    yield ("工作表", "数据表", "行数", "", "内容")
    rows = {entry.name: entry.rows for entry in release.tables}
    yield from ((SHEETS[table], table, str(rows[table]), "", ROWS_ZH[table]) for table in SHEETS)
    yield ()
    yield ("工作表", "列标题", "字段名", "类型", "含义")
    for table, sheet in SHEETS.items():
        yield from (_column(sheet, column) for column in TABLES[table])


def _release(release: Release, source: Source) -> Iterator[Line]:
    yield ("数据集", release.dataset)
    yield ("内容", f"{source.area_zh}政府工作报告中的数据，每个数字都标明其在存档网页中的位置。")
    yield ("版本", release.version)
    yield ("发布日期", release.released_on.isoformat())
    yield ("表结构版本", release.schema_version)
    yield ("许可", f"{LICENCE}（署名） {LICENCE_URL}")
    yield ("来源", source.publisher)
    yield ("提示", "空单元格表示没有内容；过长的文字会截断，完整内容见同一版本的CSV和Parquet文件。")


def _column(sheet: str, column: Column) -> Line:
    kind = _TYPES[column.kind] + ("，可为空" if column.nullable else "")
    return (sheet, column.label_zh, column.name, kind, column.description)
