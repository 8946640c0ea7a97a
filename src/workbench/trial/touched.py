"""Which files a system call is about to change."""

import mmap
import os
import platform
from pathlib import Path

from workbench.sandbox.writes import OTHERS, WRITING, Call

# Call → the argument that is a descriptor of what it changes.
_DESCRIPTORS = {
    **dict.fromkeys(("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile"), 0),
    **dict.fromkeys(("fsync", "fdatasync", "ftruncate", "fallocate", "fchmod"), 0),
    **{"splice": 2, "copy_file_range": 2, "mmap": 4},
}
# Call → for each path that it changes, the arguments that are its folder's descriptor and itself.
_HERE = None  # the path is relative to the current folder
_PATHS = {
    **dict.fromkeys(("truncate", "creat", "unlink", "mkdir", "rmdir", "chmod"), ((_HERE, 0),)),
    **dict.fromkeys(("openat", "unlinkat", "mkdirat", "fchmodat"), ((0, 1),)),
    **dict.fromkeys(("renameat", "renameat2"), ((0, 1), (2, 3))),
    **{"rename": ((_HERE, 0), (_HERE, 1)), "link": ((_HERE, 1),), "linkat": ((2, 3),)},
    **{"symlink": ((_HERE, 1),), "symlinkat": ((1, 2),)},
}
_AT_FDCWD = -100
_LONGEST = 4096


def touched(call: Call) -> list[Path] | None:
    """The files and folders that the call is about to change, none for a pipe or a socket; None
    where it cannot be told."""
    machine = platform.machine()
    names = {number: name for name, number in (WRITING[machine] | OTHERS[machine]).items()}
    name, process = names.get(call.number), Path(f"/proc/{call.pid}")
    try:
        if name == "mmap" and not call.arguments[2] & mmap.PROT_WRITE:
            return []
        if name in _DESCRIPTORS:
            descriptor = call.arguments[_DESCRIPTORS[name]] & 0xFFFFFFFF
            target = os.readlink(process / f"fd/{descriptor}")
            return [Path(target)] if target.startswith("/") else []
        if name in _PATHS:
            return [_path(process, call, *numbers) for numbers in _PATHS[name]]
    except OSError:  # it has died, or nobody may look into it
        return None
    return None


def _path(process: Path, call: Call, folder: int | None, path: int) -> Path:
    """A path among the arguments, in full."""
    with open(process / "mem", "rb", buffering=0) as memory:
        address = call.arguments[path]
        memory.seek(address)
        page = os.sysconf("SC_PAGESIZE")
        text = memory.read(page - address % page)
        if b"\0" not in text:  # it goes on in the next page
            text += memory.read(_LONGEST)
    number = _AT_FDCWD if folder is None else _signed(call.arguments[folder])
    base = "cwd" if number == _AT_FDCWD else f"fd/{number}"
    name = os.fsdecode(text.partition(b"\0")[0])
    return Path(os.path.normpath(Path(os.readlink(process / base), name)))


def _signed(number: int) -> int:
    """An argument of 64 bits as the int that it is."""
    number &= 0xFFFFFFFF
    return number - (1 << 32) if number >= 1 << 31 else number
