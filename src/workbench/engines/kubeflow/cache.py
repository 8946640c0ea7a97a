"""Reuse: what a task made, kept in its run's folder for the runs whose folders lie beside it.

The files are JSON: a run reads what other processes have written, and must not run what it reads.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.engines.kubeflow.artifact import Artifact
from workbench.engines.kubeflow.spec import Task, is_artifact

_FIELDS = ("kind", "name", "uri", "metadata", "task", "digest")  # of an artifact


@dataclass(frozen=True)
class Cache:
    """What can be reused by the run in ``folder`` of the ``pipeline`` with this name."""

    folder: Path
    pipeline: str

    def key(self, task: Task, inputs: Mapping[str, Any]) -> str | None:
        """What an attempt computes (component, values, files), in a word; None: do not cache.

        As on a cluster, nothing is taken over from a pipeline of another name. A cluster compares
        the names of files, this their content.
        """
        if not task.cacheable:
            return None
        content = [self.pipeline, task.container, task.makes, dict(inputs)]
        text = json.dumps(content, sort_keys=True, default=_content)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def keep(self, key: str, task: str, outputs: Mapping[str, Any]) -> None:
        """Write down what the task with this name has made."""
        kept = {"origin": f"{self.folder.name}/{task}", "outputs": outputs}
        path = self.folder / "cache" / f"{key}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(kept, default=_fields), encoding="utf-8")

    def find(self, key: str, task: Task, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Who (run/task) has made it, here or in a run beside, and the outputs by name, untouched
        since; ("", {}) when nobody has."""
        for path in sorted(self.folder.parent.glob(f"*/cache/{key}.json")):
            # What another process is writing is no JSON yet; what we did not write may be anything.
            with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
                kept = json.loads(path.read_text(encoding="utf-8"))
                outputs = {
                    name: _output(kept["outputs"][name], definition, inputs)
                    for name, definition in task.makes.items()
                }
                artifacts = [value for value in outputs.values() if isinstance(value, Artifact)]
                if all(artifact.unchanged for artifact in artifacts):
                    return str(kept["origin"]), outputs
        return "", {}


def _content(artifact: Artifact) -> list[str]:
    return [artifact.kind, artifact.digest]


def _fields(artifact: Artifact) -> dict[str, Any]:
    return {field: getattr(artifact, field) for field in _FIELDS}


def _output(kept: Any, definition: dict, inputs: Mapping[str, Any]) -> Any:
    """An output as it was. Its inputs are not kept: the key says that they are those of now."""
    if not is_artifact(definition):
        return kept
    return Artifact(**{field: kept[field] for field in _FIELDS}, inputs=inputs)
