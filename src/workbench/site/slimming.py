"""Styles without the rules that no page of the site can use.

A theme brings rules for all that documents may hold, and icons by the thousand: more than the rest
of a page together.
"""

import re
from pathlib import Path
from typing import Any

CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
WORD = re.compile(r"[\w-]+")
LARGE = 20_000  # bytes of a sheet that is worth the reading


def slim(site: Path) -> None:
    """Rewrite the large style sheets of a site; what a page or a script names is kept. What only
    serves those who build themes goes: maps of their sources, a template."""
    for left in [*site.rglob("*.map"), *site.glob("_static/*.html")]:
        left.unlink()
    texts = [*site.rglob("*.html"), *site.rglob("*.js")]
    used = {word for path in texts for word in WORD.findall(path.read_text(encoding="utf-8"))}
    for sheet in site.rglob("*.css"):
        if sheet.stat().st_size > LARGE:
            sheet.write_text(slimmed(sheet.read_text(encoding="utf-8"), used), encoding="utf-8")


def slimmed(style: str, used: set[str]) -> str:
    """The rules that have a selector of whose classes all are in ``used``."""
    import tinycss2

    return _kept(tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True), used)


def _kept(rules: list[Any], used: set[str]) -> str:
    return "".join(_rule(rule, used) for rule in rules if rule.type != "error")


def _rule(rule: Any, used: set[str]) -> str:
    import tinycss2

    if rule.type == "qualified-rule":
        selectors = _selectors(tinycss2.serialize(rule.prelude))
        kept = [selector for selector in selectors if set(CLASS.findall(_plain(selector))) <= used]
        body = tinycss2.serialize(rule.content).strip()
        return f"{','.join(kept)}{{{body}}}" if kept else ""
    if rule.at_keyword in ("media", "supports", "layer") and rule.content is not None:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        kept = _kept(inner, used)
        head = tinycss2.serialize(rule.prelude).strip()
        return f"@{rule.at_keyword} {head}{{{kept}}}" if kept else ""
    return rule.serialize()


def _selectors(prelude: str) -> list[str]:
    """Split at the commas that stand in no brackets."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", prelude)]


def _plain(selector: str) -> str:
    """Without what may be absent, the arguments of :not, :is and :where."""
    return re.sub(r":(?:not|is|where)\((?:[^()]|\([^()]*\))*\)", "", selector)
