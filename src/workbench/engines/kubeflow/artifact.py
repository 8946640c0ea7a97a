"""What components hand on as files: an artifact with its kind, metadata, and what it came from."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

_METER = "<tr><th>{}</th><td>{:.6g}</td><td><meter value='{}' min='0' max='1'></meter></td></tr>"


@dataclass(frozen=True)
class Artifact:
    """A Dataset, Model, Metrics …: ``metadata`` is what the component logged, ``inputs`` what its
    task received."""

    kind: str
    name: str
    uri: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    digest: str = ""

    @property
    def path(self) -> Path:
        """The file or folder on this machine."""
        return Path(self.uri.removeprefix("file://"))

    @property
    def unchanged(self) -> bool:
        """Whether the file still is what it was when it was made."""
        return self.digest == digest_of(self.path, self.kind, dict(self.metadata))

    def __repr__(self) -> str:
        logged = ", ".join(f"{key}={_short(value)}" for key, value in self.metadata.items())
        return f"{self.kind} {self.name}" + (f" ({logged})" if logged else "")

    def table(self) -> Any:
        """A Dataset as a DataFrame (CSV, JSON lines or Parquet), ClassificationMetrics as their
        confusion matrix."""
        import pandas

        if matrix := self.metadata.get("confusionMatrix"):
            names = [item["displayName"] for item in matrix["annotationSpecs"]]
            rows = [row["row"] for row in matrix["rows"]]
            return pandas.DataFrame(rows, names, names).rename_axis("true ↓")
        with self.path.open("rb") as file:
            head = file.read(4)
        if head == b"PAR1":
            return pandas.read_parquet(self.path)
        if head.startswith(b"{"):
            return pandas.read_json(self.path, lines=True)
        return pandas.read_csv(self.path)

    def load(self) -> Any:
        """A Model as the object that was saved with joblib."""
        import joblib

        return joblib.load(self.path)

    def corrupted(self) -> "Artifact":
        """This artifact with the second half of its file cut off and its numbers lost."""
        metadata = {
            key: float("nan") if isinstance(value, float) else value
            for key, value in self.metadata.items()
        }
        if self.path.is_file():
            os.truncate(self.path, self.path.stat().st_size // 2)
        return replace(self, metadata=metadata, digest=digest_of(self.path, self.kind, metadata))

    def lineage(self, depth: int = 0) -> str:
        """What this was made from, back to where it began: a line for each artifact and value."""
        indent = "  " * depth
        lines = [f"{indent}{self!r} ← {self.task or 'given'}"]
        for name, value in self.inputs.items():
            for item in value if isinstance(value, list) else [value]:
                is_file = isinstance(item, Artifact)
                given = f"{indent}  {name} = {_short(item)}"
                lines.append(item.lineage(depth + 1) if is_file else given)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if self.kind == "Dataset" or "confusionMatrix" in self.metadata:
            return f"<b>{escape(repr(self)[:200])}</b>{self.table().to_html(max_rows=10, border=0)}"
        rows = [
            _METER.format(escape(key), value, value)
            for key, value in self.metadata.items()
            if isinstance(value, (int, float))
        ]
        return f"<b>{escape(f'{self.kind} {self.name}')}</b><table>{''.join(rows)}</table>"


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def digest_of(path: Path, *more: Any) -> str:
    """A fingerprint of a file's or a folder's content, and of what else belongs to it."""
    total = hashlib.blake2b(repr(more).encode(), digest_size=8)
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            total.update(file.relative_to(path).as_posix().encode())
            with file.open("rb") as content:
                total.update(hashlib.file_digest(content, "blake2b").digest())
    return total.hexdigest()
