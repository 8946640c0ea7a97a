"""What was left is removed, however much it is: by many hands, or moved away and counted; or it
stays what it is, and holds something else."""

import os
import resource
import threading

import pytest

from workbench.sandbox.erasing import erase
from workbench.sandbox.folder import Folder


def test_what_has_to_make_room_is_moved_away_and_counted(tmp_path):
    job = tmp_path / "job"
    (job / "data" / "input.csv").mkdir(parents=True)
    for number in range(20):
        (job / "data" / "input.csv" / str(number)).mkdir(mode=0)
    (job / "data" / "input.csv").chmod(0)
    above = os.open(tmp_path, os.O_RDONLY)
    folder = Folder(os.open(job, os.O_RDONLY), os.getuid(), above)
    folder.write("data/input.csv", b"a")
    folder.remove("data/input.csv")
    (moved,) = set(tmp_path.iterdir()) - {job}
    assert (len(list(moved.iterdir())), list((job / "data").iterdir())) == (20, [])
    assert (folder.exceeds(23), folder.exceeds(22)) == (False, True)
    erase(moved.name, above)
    erase("job", above)
    assert not list(tmp_path.iterdir())
    folder.close()


def test_no_depth_takes_descriptors(tmp_path):
    most, name = resource.getrlimit(resource.RLIMIT_NOFILE), "d/" * 100 + "file"
    folder = Folder(os.open(tmp_path, os.O_RDONLY), os.getuid())
    free = [os.dup(0) for _ in range(8)]
    for descriptor in free:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(free) + 1, most[1]))
    try:
        folder.write(name, b"a")
        assert folder.read(name, 9) == b"a"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
        folder.close()


@pytest.mark.parametrize("inner", ["folders", "files", "folders of files"])
def test_many_hands_remove_at_once_and_not_from_one_folder(tmp_path, monkeypatch, inner):
    for number in range(4096):
        path = tmp_path / "job" / ("" if inner == "files" else str(number))
        path.mkdir(parents=True, exist_ok=True)
        if "files" in inner:
            (path / f"file{number}").touch()
    call = "unlink" if "files" in inner else "rmdir"
    begun, several, remove = [], threading.Event(), getattr(os, call)

    def slowly(name, *, dir_fd):
        if name != "job":  # which is tried before anything else
            begun.append(name)
            if len(begun) == 8:
                several.set()
            assert several.wait(60)  # until then nobody goes on
        remove(name, dir_fd=dir_fd)

    descriptor = os.open(tmp_path, os.O_RDONLY)
    monkeypatch.setattr(os, call, slowly)
    erase("job", descriptor)
    os.close(descriptor)
    assert not list(tmp_path.iterdir())
    if inner == "folders":
        assert len({os.path.dirname(name) for name in begun}) >= 8


def test_where_no_thread_can_be_had_one_hand_removes_all(tmp_path, monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    for number in range(200):
        (tmp_path / "job" / str(number)).mkdir(parents=True)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    erase("job", descriptor)
    os.close(descriptor)
    assert not list(tmp_path.iterdir())


def test_what_is_not_there_need_not_be_erased(tmp_path):
    descriptor = os.open(tmp_path, os.O_RDONLY)
    erase("nothing", descriptor)
    os.close(descriptor)


def test_not_more_names_are_listed_than_a_right_answer_makes(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.sandbox.folder.MOST_NAMES", 10)
    (tmp_path / "data").mkdir()
    for number in range(50):
        (tmp_path / "data" / str(number)).touch()
    folder = Folder(os.open(tmp_path, os.O_RDONLY), os.getuid())
    assert len(folder.names("data")) == 10
    folder.close()


def test_what_is_in_a_folder_is_counted_wherever_it_lies(tmp_path):
    for number in range(3):
        (tmp_path / str(number) / "below").mkdir(parents=True)
    (tmp_path / "round").symlink_to(tmp_path)
    folder = Folder(os.open(tmp_path, os.O_RDONLY), 0)
    assert (folder.exceeds(7), folder.exceeds(6)) == (False, True)
    (tmp_path / "0" / "below" / "file").touch()
    assert folder.exceeds(7)
    (tmp_path / "/".join("d" * 150)).mkdir(parents=True)
    assert folder.exceeds(1000)  # as if there were no end of it
    folder.close()


def test_a_file_stays_what_it_is_unless_it_may_be_anybody_elses(tmp_path):
    (tmp_path / "job").mkdir()
    folder, file = Folder(os.open(tmp_path / "job", os.O_RDONLY), os.getuid()), tmp_path / "job/a"
    folder.write("a", b"longer")
    os.utime(file, ns=(1, 2))
    before = file.stat()
    assert folder.overwrite("a", b"now", dated=False)
    after = file.stat()
    assert (after.st_ino, after.st_mtime_ns, file.read_bytes()) == (before.st_ino, 2, b"now")
    assert folder.overwrite("a", b"then", dated=True)
    assert file.stat().st_mtime_ns > 2
    (tmp_path / "other").write_bytes(b"precious")
    (tmp_path / "job" / "link").symlink_to(tmp_path / "other")
    os.link(tmp_path / "other", tmp_path / "job" / "name")
    os.mkfifo(tmp_path / "job" / "pipe")
    for name in ("link", "name", "pipe", "nothing", "no/folder"):
        assert not folder.overwrite(name, b"ours", dated=True)
    assert (tmp_path / "other").read_bytes() == b"precious"
    folder.close()
