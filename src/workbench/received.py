"""What an attempt really received, in a file beside its log: what an engine has made of templates,
placeholders and futures, without what is secret by its name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench import storage
from workbench.masking import Mask


def write(log: Path, values: Mapping[str, Any]) -> None:
    """Keep ``values`` beside the attempt's log, with what is kept there already; what JSON has no
    form for by its summary."""
    path, mask = place(log), Mask()
    plain = mask.texts(_plain(mask.value(dict(values))))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**(read(log) or {}), **plain}), "utf-8")


def read(log: Path) -> dict[str, Any] | None:
    """What was kept beside this log; None where nothing was, or it is damaged."""
    try:
        kept = json.loads(place(log).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return kept if isinstance(kept, dict) else None


def place(log: Path) -> Path:
    """The file that it is kept in."""
    return log.with_suffix(".received.json")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, storage.ATOMS) else storage.summary(value)
