"""Bytes to text: the encoding is found from the bytes, and what is not text is refused.

Order: byte order mark, UTF-16 without a mark, UTF-8, the encoding the file declares, our own checks
for Chinese and Western European text, and last charset-normalizer (MIT, maintained, no model),
which knows the rest but is unsure of short Chinese texts.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from rag.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# UTF-8 that was read as Windows-1252 and saved again: two or three Latin characters that make
# sense as the bytes of one character and hardly ever stand side by side in a language.
_GARBLED = re.compile(
    r"â€[\u0080-\u02ff\u2000-\u21ff]|[ÃÂ][\u0080-\u00bf€]|ï¿½|[åäæçèé][\u0080-\u00bf]{2}"
)
# The commonest characters of Chinese text, simplified and traditional.
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "這個為國我時來們對會發動過說產種後經將與從開關於長現報業機電問間軍華東車門場術員進運點條體數據億萬"
    "第三二十日月将与从开关长现报业机电问间军华东车门场术员进运点条体数据亿万技新部全公司市本天自美发射星航"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the name of the encoding it was read with; a byte order mark is not in `text`."""

    text: str
    encoding: str


def decode(data: bytes, name: str = "text", declared: str | None = None) -> Decoded:
    """Decode text whose encoding is not known; `declared` is what the file itself says.

    Line ends stay as they are.

    Raises:
        ReadError: reason "binary, not text", "NUL bytes", "mojibake" or "unknown encoding".
    """
    decoded = _marked(data, name) or _unmarked_utf16(data) or _utf8(data)
    if decoded is None:
        refuse_binary(data, name)
        decoded = _nearly_utf8(data) or _declared(data, declared) or _detected(data, name)
    _refuse_damage(decoded.text, name)
    return decoded


def refuse_binary(data: bytes, name: str) -> None:
    """Refuse bytes that cannot be text in a one-byte or multi-byte encoding.

    Raises:
        ReadError: reason "NUL bytes" or "binary, not text".
    """
    sample = data[:_SAMPLE]
    if b"\x00" in sample:
        raise ReadError(f"{name} has NUL bytes: binary data, or damaged text.", "NUL bytes")
    control = sum(sample.count(byte) for byte in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if control > len(sample) / 100:
        raise ReadError(
            f"{name} is not text: {control} control characters in {len(sample)} bytes.",
            "binary, not text",
        )


def _marked(data: bytes, name: str) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise ReadError(
                    f"{name} begins as {encoding} but byte {error.start} is not: cut off or mixed.",
                    "damaged text",
                ) from error
    return None


def _unmarked_utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: the high bytes of its spaces and line ends are always zero."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2], sample[1::2]
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if low.count(0) or high.count(0) * 50 < len(high):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text[:_SAMPLE]) and _plausible(text[:_SAMPLE]):
            return Decoded(text, encoding)
    return None


def _plausible(text: str) -> bool:
    """Mostly ASCII, or the Han characters that are common: two bytes taken for one are neither."""
    ascii_characters = sum(character < "\x80" for character in text)
    common = sum(character in _COMMON_HAN for character in text)
    return ascii_characters >= 0.5 * len(text) or common >= 0.1 * len(text)


def _utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        # A file cut off inside its last character is still UTF-8.
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return Decoded(data[: error.start].decode("utf-8"), "utf-8")
        return None


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes, each read as U+FFFD: other encodings fit it by chance only."""
    sample = data[:_SAMPLE].decode("utf-8", "replace")
    broken = sample.count("\ufffd")
    whole = sum(character > "\x7f" for character in sample) - broken
    if whole < 4 * max(broken, 1) or broken > max(3, len(sample) / 200):
        return None
    return Decoded(data.decode("utf-8", "replace"), "utf-8")


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared:
        return None
    try:
        encoding = codecs.lookup(_widened(declared.strip())).name
        return Decoded(data.decode(encoding), encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _widened(declared: str) -> str:
    """The superset that browsers use for a declared encoding (WHATWG Encoding Standard)."""
    wider = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "iso-8859-1": "cp1252",
        "latin1": "cp1252",
        "us-ascii": "cp1252",
        "ascii": "cp1252",
        "big5": "big5hkscs",
    }
    return wider.get(declared.lower(), declared)


def _detected(data: bytes, name: str) -> Decoded:
    chinese = _chinese(data)
    if chinese is not None:
        return chinese
    western = _western(data)
    if western is not None:
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        try:
            return Decoded(data.decode(best.encoding), best.encoding)
        except UnicodeDecodeError:
            pass  # the sample fitted, the whole does not: nothing fits
    raise ReadError(
        f"{name} is in no encoding that could be told from its bytes. Save it as UTF-8.",
        "unknown encoding",
    )


def _chinese(data: bytes) -> Decoded | None:
    """GB18030 or Big5, whichever gives more of the characters that Chinese text is made of."""
    best: tuple[float, Decoded] | None = None
    for encoding in ("gb18030", "big5hkscs"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        beyond = [character for character in text[:_SAMPLE] if character > "\x7f"]
        han = sum("\u4e00" <= character <= "\u9fff" for character in beyond)
        common = sum(character in _COMMON_HAN for character in beyond)
        if not beyond or han < len(beyond) * 0.6:
            continue
        share = common / han
        if share >= 0.12 and (best is None or share > best[0]):
            best = (share, Decoded(text, encoding))
    return best[1] if best else None


def _western(data: bytes) -> Decoded | None:
    """Windows-1252, when the high bytes are few and stand where letters and quotes stand."""
    sample = data[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)
    if high > len(sample) * 0.2:
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = [character for character in text[:_SAMPLE] if character > "\x7f"]
    usual = sum(
        character.isalpha() or character in "‘’“”–—…€£§©®°·« »\u00a0•™½¼×±²³"
        for character in beyond
    )
    return Decoded(text, "cp1252") if usual >= len(beyond) * 0.8 else None


def _refuse_damage(text: str, name: str) -> None:
    sample = text[:_SAMPLE]
    if not sample:
        return
    if len(_CONTROL.findall(sample)) > len(sample) / 100 or "\x00" in text:
        reason = "NUL bytes" if "\x00" in text else "binary, not text"
        raise ReadError(f"{name} is not text: it holds control characters.", reason)
    lost = sample.count("\ufffd") + 2 * len(_GARBLED.findall(sample))
    if lost > max(3, len(sample) / 100):
        raise ReadError(
            f"{name} was saved in a wrong encoding: {lost} garbled characters in the first "
            f"{len(sample)}. Get the original, or save it again as UTF-8.",
            "mojibake",
        )
