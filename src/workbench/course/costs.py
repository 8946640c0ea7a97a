"""What the cells of a notebook cost while its kernel executes them, and which one is under way."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN = 3  # of the slowest cells
SLOW = 1.0  # seconds from which on a cell is one of them


@dataclass
class Costs:
    """Wall seconds by code cell, counted from 1, and the kernel's peak memory in bytes, 0 where the
    system does not tell. ``at`` is a file that says where execution stands."""

    title: str
    cells: int
    at: Path | None = None
    seconds: dict[int, float] = field(default_factory=dict)
    peak: int = 0
    _begun: float = 0.0

    def listeners(self, pid: Callable[[], int]) -> dict[str, Callable[..., None]]:
        """What nbclient calls around each cell; ``pid`` is the kernel's, once there is one."""

        def begun(**_: Any) -> None:
            number, self._begun = len(self.seconds) + 1, time.perf_counter()
            self.seconds[number] = 0.0
            if self.at:
                self.at.write_text(f"{self.title} [{number}/{self.cells}]", encoding="utf-8")

        def ended(**_: Any) -> None:
            self.seconds[len(self.seconds)] = time.perf_counter() - self._begun
            self.peak = max(self.peak, peak_of(pid()))

        return {"on_cell_execute": begun, "on_cell_executed": ended}

    @property
    def slowest(self) -> tuple[tuple[int, float], ...]:
        """The slowest cells (number, seconds), slowest first."""
        slow = [(number, took) for number, took in self.seconds.items() if took >= SLOW]
        return tuple(sorted(slow, key=lambda cell: -cell[1])[:SHOWN])


def peak_of(pid: int) -> int:
    """The most memory that a process has had so far, in bytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(peak[1]) * 1024 if peak else 0


def under_way(folder: Path) -> str:
    """Where the executions stand that write into a folder: ``a.ipynb [3/12], …``."""
    try:
        told = sorted(path for path in folder.iterdir() if path.is_file())
        return ", ".join(path.read_text(encoding="utf-8") for path in told)
    except OSError:  # one has just ended
        return ""
