"""The page's own words, in English and Chinese."""

from __future__ import annotations

from rag.ui.strings_tabs import TABLE as _TABS

LANGUAGES = {"en": "English", "zh": "中文"}

_TABLE: dict[str, tuple[str, str]] = {
    # frame
    "tagline": ("answers only what your documents say", "只回答您的文档所说的内容"),
    "local": ("Everything stays on this machine", "一切都留在本机"),
    "documents_n": ("{n} documents", "{n} 篇文档"),
    "loading": ("Loading the models…", "正在加载模型…"),
    "theme": ("Light or dark", "浅色或深色"),
    "tab_ask": ("Ask", "提问"),
    "tab_library": ("Library", "文档库"),
    "tab_evaluation": ("Evaluation", "评测"),
    "tab_settings": ("Settings", "设置"),
    # chat
    "question": ("Question", "问题"),
    "placeholder": ("Ask about your documents", "就您的文档提问"),
    "ask": ("Ask", "提问"),
    "stop": ("Stop", "停止"),
    "chat": ("Conversation", "对话"),
    "welcome": ("What would you like to know?", "您想了解什么？"),
    "welcome_text": (
        "Every sentence of an answer carries a quote from your documents. "
        "When they do not answer, you are told so.",
        "答案的每一句都附有文档原文引文；文档没有答案时会如实告知。",
    ),
    "welcome_empty": (
        "There are no documents yet. Add some in the Library.",
        "还没有文档。请先在“文档库”中添加。",
    ),
    "examples": ("Ask about one of these documents:", "试着就这些文档提问："),
    "example": ("What does “{title}” say?", "《{title}》说了什么？"),
    "understood": ("Understood as:", "理解为："),
    "stage_loading": ("loading the models", "加载模型"),
    "stage_searching": ("searching", "检索"),
    "stage_reading": ("reading up to {n} sentences", "阅读至多 {n} 句"),
    "stage_waiting": ("waiting for another question", "等待另一个问题完成"),
    "stage_writing": ("writing", "撰写"),
    "stage_checking": ("checking", "核对"),
    "stopped": ("Stopped. What was written so far is not checked.", "已停止。以上内容尚未核对。"),
    "internal": (
        "Something went wrong inside the program; the details are in its log. Try again.",
        "程序内部出错，详情见日志。请重试。",
    ),
    "busy": ("Wait for the answer, or stop it first.", "请等待回答完成，或先停止。"),
    "stopping": (
        "The program is being stopped and takes no more questions.",
        "程序正在停止，不再接受提问。",
    ),
    "too_long": ("The question is longer than {n} characters.", "问题超过 {n} 个字符。"),
    "answer": ("Answer", "回答"),
    "confidence": ("confidence {n} %", "置信度 {n}%"),
    "seconds": ("{n} s", "{n} 秒"),
    # checks
    "checked": (
        "Checked: every figure, name and date is in the quote",
        "已核对：数字、名称和日期均在引文中",
    ),
    "partly": ("Not all of it is in the quote: {what}", "引文未完全覆盖：{what}"),
    "disagrees": ("The quote says otherwise: {what}", "与引文不符：{what}"),
    "figures": ("figures", "数字"),
    "names": ("names", "名称"),
    "dates": ("dates", "日期"),
    "negation": ("yes or no", "肯定或否定"),
    # refusals
    "no_answer": ("Your documents do not answer this", "您的文档没有给出答案"),
    "why_nothing_retrieved": (
        "Nothing in them comes near the question.",
        "其中没有与问题相近的内容。",
    ),
    "why_no_support": (
        "They may touch on the subject, but no sentence says what was asked.",
        "文档涉及该主题，但没有句子回答所问。",
    ),
    "why_checks_failed": (
        "An answer was drafted, but its figures or names were not in the quotes; it is withheld.",
        "草拟的答案中有数字或名称不在引文里，因此未予显示。",
    ),
    "why_low_confidence": (
        "The evidence is too thin to answer without a risk of being wrong.",
        "证据不足，回答有出错的风险。",
    ),
    "do_nothing_retrieved": (
        "Add documents on this subject, or take a filter off.",
        "请添加相关文档，或取消筛选条件。",
    ),
    "do_no_support": (
        "Read the nearest sentences below, ask more narrowly, or add a document.",
        "请阅读下列最接近的句子，缩小问题范围，或添加文档。",
    ),
    "do_checks_failed": (
        "Read the nearest sentences below and judge for yourself.",
        "请阅读下列最接近的句子并自行判断。",
    ),
    "do_low_confidence": (
        "Read the nearest sentences below, or name the document you mean.",
        "请阅读下列最接近的句子，或指明所指的文档。",
    ),
    "nearest": ("Nearest sentences", "最接近的句子"),
    "conflict": ("Your documents disagree: {about}", "文档说法不一：{about}"),
    "undated": ("no date", "无日期"),
    # actions under an answer
    "copy": ("Copy with sources", "复制（含出处）"),
    "as_markdown": ("Markdown", "Markdown"),
    "as_text": ("Text", "文本"),
    "as_json": ("JSON", "JSON"),
    "as_bibtex": ("BibTeX", "BibTeX"),
    "as_csl": ("CSL-JSON", "CSL-JSON"),
    "save_as": ("Save as", "另存为"),
    "again": ("Ask again", "重新提问"),
    "edit": ("Edit", "修改问题"),
    "good": ("Good answer", "回答得好"),
    "bad": ("Bad answer", "回答不好"),
    "note_good": ("What was good about it?", "好在哪里？"),
    "note_bad": ("What was wrong with it?", "问题在哪里？"),
    "note_local": (
        "Kept on this machine with the answer: rag feedback export.",
        "与回答一起保存在本机：rag feedback export。",
    ),
    "without_note": ("No note", "不写"),
    "save_note": ("Save the note", "保存"),
    "copied": ("Copied", "已复制"),
    "sources": ("Sources", "出处"),
    # evidence
    "evidence": ("Evidence", "证据"),
    "evidence_for": ("Evidence for: {question}", "证据：{question}"),
    "evidence_empty": ("The quotes appear here.", "引文将显示在这里。"),
    "evidence_reading": ("Sentences being read", "正在阅读的句子"),
    "judged_likely": ("seems to answer", "似可回答"),
    "judged_unlikely": ("does not answer", "未回答"),
    "evidence_cited": ("Quoted in the answer", "答案引用"),
    "evidence_also": ("Also read, not quoted ({n})", "已阅读但未引用（{n}）"),
    "page_n": ("page {n}", "第 {n} 页"),
    "also_in": ("also in {files}", "另见 {files}"),
    "said_by": ("as given by {who}", "据 {who}"),
    "open": ("Open in document", "在文档中打开"),
    "source_n": ("Source {n}: {title}", "出处 {n}：{title}"),
    # reader
    "close": ("Close", "关闭"),
    "previous": ("Previous quote", "上一条引文"),
    "next": ("Next quote", "下一条引文"),
    "cut_before": ("The document begins earlier.", "前文略。"),
    "cut_after": ("The document goes on.", "后文略。"),
    "gone": (
        "This document is no longer in the index. Add it again in the Library.",
        "该文档已不在索引中，请在文档库中重新添加。",
    ),
    "file": ("File", "文件"),
    "download": ("Save the original file", "保存原文件"),
    "as_read": ("Text", "文本"),
    "as_printed": ("Page", "原页"),
    "printed": (
        "The page as printed; boxes mark the quote. Its text is in the other view.",
        "原页图像，方框标出引文；文字见另一视图。",
    ),
    "file_changed": (
        "The file has changed since it was indexed, so its page is not shown. Index it again.",
        "文件在建立索引后已被修改，因此不显示原页。请重新建立索引。",
    ),
    "file_missing": (
        "The file is no longer where it was indexed.",
        "文件已不在建立索引时的位置。",
    ),
    "read_as": (
        "Read as {format}: {sentences} sentences, {said} with who says it, {chrome} pieces of "
        "furniture, characters {start} to {end}, file {sha}.",
        "按 {format} 解析：{sentences} 句，其中 {said} 句有消息来源；页面杂项 {chrome} 处；"
        "字符 {start} 至 {end}；文件 {sha}。",
    ),
    "legend": (
        "Grey is page furniture, never quoted. Underlined is who said it. "
        "Shades change with each sentence.",
        "灰色为页面杂项，不会被引用；下划线为消息来源；底色按句交替。",
    ),
    # filters
    "filters": ("Limit to some documents", "限定文档范围"),
    "filters_on": ("Limited: {what}", "已限定：{what}"),
    "take_off": ("Take off", "去掉"),
    "chip_sure": ("Only when sure", "仅在有把握时回答"),
    "chip_more": ("Even when less sure", "把握较小也回答"),
    "chip_editing": ("Editing question {n}", "正在修改第 {n} 问"),
    "filter_documents": ("Documents", "文档"),
    "filter_outlets": ("Outlets", "来源"),
    "filter_since": ("Published since", "发布不早于"),
    "filter_until": ("Published until", "发布不晚于"),
    "bad_date": (
        "Write dates as 2024, 2024-03 or 2024-03-31, not “{given}”.",
        "日期请写作 2024、2024-03 或 2024-03-31，而不是“{given}”。",
    ),
    # conversations
    "conversations": ("Conversations", "对话记录"),
    "not_saved": (
        "This could not be saved. Is the disk full? What is shown stays until the page is closed.",
        "未能保存。磁盘已满吗？所显示的内容在页面关闭前仍在。",
    ),
    "new": ("New conversation", "新对话"),
    "delete": ("Delete", "删除"),
    "delete_sure": ("Delete this conversation?", "确定删除该对话？"),
    "rename": ("Rename", "重命名"),
    "save": ("Save as Markdown", "保存为 Markdown"),
    "rename_to": ("New name", "新名称"),
    "none_yet": ("None yet.", "暂无。"),
}


def say(language: str, key: str, **values: object) -> str:
    """The words for `key`, plain text, not escaped.

    Raises:
        KeyError: no such key.
    """
    words = (_TABLE.get(key) or _TABS[key])[1 if language == "zh" else 0]
    return words.format(**values) if values else words


def pick_language(asked: str | None, accepted: str | None) -> str:
    """The language asked for in the address, else the browser's first one, else English."""
    if asked in LANGUAGES:
        return str(asked)
    return "zh" if (accepted or "").strip().lower().startswith("zh") else "en"
