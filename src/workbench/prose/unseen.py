"""What nobody reads of a text in Markdown: what is struck out, a comment, or hidden."""

import re

HIDES = r"""[^<>]*?(?:\bhidden\b|display\s*:\s*none|visibility\s*:\s*hidden)[^<>]*"""
QUOTED = r""""[^"]*+"|'[^']*+'"""
PLACE = r"(?:[ \t]+|[ \t]*\n[ \t]*)"
UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|~~(?:(?!~~|\n\s*\n).)+~~"
    r"|<(del|s|strike)\b[^<>]*>(?:(?!<(?:del|s|strike)\b).)*?</\1\s*>"
    # up to its end, or that of the text where others of its kind lie within; not in `<script>`
    r"|(?<!`)<(script|style|template|title)\b[^<>]*>.*?(?:</\2\s*>|\Z)"
    rf"|(?<!`)<([a-z]\w*)(?=\s){HIDES}>(?:(?:(?!</?\3\b).)*+</\3\s*>|.*)"
    # attributes, an image with the words in its place, the title of a link
    r"|<[a-z][\w-]*+(?=\s[^<>]*=)"
    rf"(?:\s++[\w:-]++(?:\s*+=\s*+(?:{QUOTED}|[^\s\"'<>=]++))?+)*+\s*+/?>"
    r"|!\[(?:[^\[\]\n]++|\[[^\[\]\n]*+\])*+\](?:\([^()\n]*\)|\[[^\]\n]*\])"
    rf"|(?<=\])\([^()\s]*\s+(?:{QUOTED})\s*\)"
    # `[//]: # (a comment)`, which is a link's address and its title
    rf"|^[ ]{{0,3}}\[(?!\^)[^\]\n]+\]:[ \t]*(?:\S+{PLACE}(?:{QUOTED}|\([^()]*\))"
    r"|(?:[#</]|https?:)\S*)[ \t]*$"
    r"|\\(?:[hv]?phantom|sout|xout|b?cancel|st)\s*\{(?:[^{}]++|\{[^{}]*+\})*+\}",
    re.S | re.I | re.M,
)


def seen(text: str) -> str:
    """The text as readers see it. A sign stands in the place of the rest: no line ends there."""
    return UNSEEN.sub("…", text)
