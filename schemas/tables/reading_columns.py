"""The columns of the tables of observations, documents, numbers, indicators and the glossary."""

from __future__ import annotations

from schemas.codelists import (
    Bound,
    Direction,
    DocumentKind,
    IgnoreReason,
    IndexNote,
    Measure,
    NumberStatus,
    ObsStatus,
    Origin,
    PriceBasis,
    PublisherEvidence,
    SourceState,
    Status,
    Theme,
)
from schemas.tables.column import count, day, number, text

OBSERVATIONS = (
    text("obs_id", "数据编号", "The six dimensions joined by a vertical bar: the row's key."),
    text("ref_area", "地区", "The area that the number speaks of, a division code with the zone's slug."),
    text(
        "indicator",
        "指标代码",
        "Id of the indicator, or x: and a slug of the subject; ~ adds what tells two numbers apart.",
    ),
    text("measure", "度量", "What the number says about its subject: level, growth, share and so on.", codes=Measure),
    text(
        "scope", "范围", "Among whom a rank holds, from whom a gap is, of what a share or a completion is; else empty."
    ),
    text(
        "period", "时期", "A year, the first and last year joined by a slash, a month, or two months joined by a slash."
    ),
    text("status", "实绩或目标", "actual for what was, target for what is planned or promised.", codes=Status),
    number("value", "数值", "The number as stated, in the unit as stated; a fall is negative."),
    number("value_upper", "数值上限", "The upper end where the source states a range.", nullable=True),
    text("bound", "界限", "How the stated number limits the true one: =, >, >=, ~, <= or <.", codes=Bound),
    text("unit", "单位", "The unit as stated; empty where the source lost it."),
    text("unit_code", "单位代码", "The unit as a code without its magnitude, such as CNY for 亿元."),
    count("unit_mult", "数量级", "The power of ten in the unit: 8 for 亿."),
    number("value_base", "基本单位数值", "The value times ten to the power of unit_mult."),
    text("obs_text", "原文数字", "The number as printed, with its unit."),
    count("decimals", "小数位数", "How many decimals the source printed."),
    text("obs_status", "数据状态", "SDMX CL_OBS_STATUS: A normal, P provisional, B break, F planned.", codes=ObsStatus),
    text(
        "price_basis",
        "价格基准",
        "current or constant prices: as the source says, else by the convention of the series.",
        nullable=True,
        codes=PriceBasis,
    ),
    text("subject", "原文主体", "What is measured, in the source's words."),
    text("label_zh", "中文名称", "The indicator's name in Chinese."),
    text("label_en", "英文名称", "The indicator's name in English.", nullable=True),
    text("theme", "主题", "The indicator's theme.", nullable=True, codes=Theme),
    text("document", "文件编号", "Id of the document that states the number."),
    text(
        "section", "章节", "Labels of the document's sections around the number, from the outermost, joined by slashes."
    ),
    count("char_start", "起始字符", "Where obs_text starts in the document's text, in characters from 0."),
    count("char_end", "结束字符", "Where obs_text ends in the document's text, exclusive."),
    text("quote", "原文语句", "The clause that holds the number."),
    text("sentence", "原文整句", "The sentence that holds the clause; empty where only clauses are shown."),
    text("rank_of", "排名对象", "For a rank: the measure that is ranked; else empty."),
    count("year", "年份", "The last year of the period."),
    day("published_on", "发布日期", "When the document was published, by its own date.", nullable=True),
    day("realtime_start", "起始知晓日", "Since when the releases state this value."),
    text(
        "origin",
        "数据来历",
        "report for a number read out of an archived page, reviewed for one entered by hand with its citation.",
        codes=Origin,
    ),
)

DOCUMENTS = (
    text("document", "文件编号", "Id of the document, stable for its source."),
    text("title", "标题", "Title of the document."),
    text("index_number", "索引号", "索引号 as printed.", nullable=True),
    text(
        "index_number_repaired",
        "索引号（校正）",
        "索引号 with a lost character put back where the check character allows.",
        nullable=True,
    ),
    text(
        "index_note",
        "索引号校验",
        "valid, repaired, invalid or absent: what is known of the printed 索引号.",
        codes=IndexNote,
    ),
    text("category", "分类", "分类 as printed.", nullable=True),
    text("publisher", "发布机构", "The publisher as the page names it, null where it names none.", nullable=True),
    text("written_on", "成文日期", "成文日期 as printed.", nullable=True),
    text("name", "名称", "名称 as printed.", nullable=True),
    text("document_number", "文号", "文号 as printed.", nullable=True),
    text("published_on", "发布日期", "发布日期 as printed.", nullable=True),
    text("keywords", "主题词", "主题词 as printed.", nullable=True),
    text("url", "网址", "Address of the page."),
    text("captured_at", "采集时间", "When the bytes that carry this text were first captured, ISO 8601, UTC."),
    text("payload_sha256", "网页散列值", "SHA-256 of these bytes."),
    text("text_sha256", "正文散列值", "SHA-256 of the canonical text in UTF-8, in which every char_start counts."),
    text("archive_key", "存档位置", "Where the archive keeps these bytes."),
    text(
        "state",
        "状态",
        "ok, gone or drifted: how the page stood at the last visit that changed anything.",
        codes=SourceState,
    ),
    count("characters", "字符数", "Length of the canonical text in characters."),
    count("claimed", "已读取数字", "How many of its numbers were read as observations."),
    count("ignored", "非数据数字", "How many of its numbers are no observation, for a stated reason."),
    count("unread", "未读出数字", "How many of its numbers the reader could not place."),
    text(
        "origin",
        "数据来历",
        "report for an archived page, reviewed for facts entered by hand with their citation.",
        codes=Origin,
    ),
    text("reference_period", "报告年份", "The year that the document reports on.", nullable=True),
    text("kind", "文件种类", "What sort of document it is, which decides the year of its numbers.", codes=DocumentKind),
    text("kind_evidence", "种类依据", "The words that show the kind; empty where it was stated or is unknown."),
    text(
        "publisher_evidence",
        "发布机构依据",
        "Where the page names its publisher; vouched where it does not and the operator vouches for its address.",
        codes=PublisherEvidence,
    ),
    text(
        "attachments",
        "附件",
        "Names of the files that the page links, as it prints them, joined by a vertical bar between blanks.",
        nullable=True,
    ),
    text(
        "metadata_key",
        "说明存档位置",
        "For a file: where the archive keeps the page that links it or its row of files.csv, which state title, date "
        "and publisher.",
        nullable=True,
    ),
)

NUMBERS = (
    text("document", "文件编号", "Id of the document."),
    count("char_start", "起始字符", "Where the number starts in the document's text, in characters from 0."),
    count("char_end", "结束字符", "Where it ends, exclusive."),
    text("obs_text", "原文数字", "The number as printed."),
    text("fate", "去向", "claimed, ignored or unread.", codes=NumberStatus),
    text("reason", "原因", "Why the number is no observation, where it is ignored.", nullable=True, codes=IgnoreReason),
    text("obs_id", "数据编号", "The observation that it states; several are separated by a blank.", nullable=True),
)

INDICATORS = (
    text("id", "指标代码", "Id of the indicator."),
    text("label_zh", "中文名称", "Name in Chinese."),
    text("label_en", "英文名称", "Name in English."),
    text("definition", "英文定义", "What it measures, in one English sentence."),
    text("definition_zh", "定义", "What it measures, in one Chinese sentence."),
    text("unit", "单位", "Code of its usual unit."),
    text("theme", "主题", "The theme it belongs to.", codes=Theme),
    text("direction", "方向", "Whether more of it is better.", codes=Direction),
    number("range_min", "合理下限", "Below this a value is not plausible.", nullable=True),
    number("range_max", "合理上限", "Above this a value is not plausible.", nullable=True),
    text(
        "nbs_code", "国家统计局代码", "Code of the National Bureau of Statistics, where one corresponds.", nullable=True
    ),
    text(
        "growth_prices",
        "增速价格基准",
        "constant where its growth is by convention at constant prices while its level is at current ones.",
        nullable=True,
        codes=PriceBasis,
    ),
    text("part", "分子指标", "Id of the indicator that it is a part of a whole of, for a ratio.", nullable=True),
    text("whole", "分母指标", "Id of the indicator of that whole, for a ratio.", nullable=True),
)

GLOSSARY = (
    text("document", "文件编号", "Id of the document."),
    text("term", "名词", "The term that the document explains."),
    text("explanation", "解释", "The explanation in the document's words."),
    count("char_start", "起始字符", "Where the explanation starts in the document's text, in characters from 0."),
    count("char_end", "结束字符", "Where it ends, exclusive."),
)
