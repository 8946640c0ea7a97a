"""The two threads of a panel: one does what buttons begin, one brings the page up to date."""

import threading

from workbench.panel.painter import Painter
from workbench.panel.worker import Worker

PATIENCE = 150  # seconds to wait for anything that has to come; a machine may be busy


class Desk:
    """A worker, what it was told, and work that goes on until it is let go."""

    def __init__(self):
        self.errors, self.rested = [], threading.Event()
        self.worker = Worker(failed=self.errors.append, changed=self._changed)
        self.begun, self.go = threading.Event(), threading.Event()

    def _changed(self):
        if not self.worker.busy:
            self.rested.set()

    def long_work(self):
        self.begun.set()
        assert self.go.wait(PATIENCE)


def test_work_that_wants_to_be_alone_is_not_begun_while_other_work_goes_on():
    desk, done = Desk(), []
    desk.worker.alone(desk.long_work)
    assert desk.begun.wait(PATIENCE)
    desk.worker.alone(lambda: done.append("a second click"))
    desk.go.set()
    assert desk.rested.wait(PATIENCE)
    assert not done
    assert not desk.errors


def test_work_beside_is_done_while_other_work_goes_on():
    desk, beside = Desk(), threading.Event()
    desk.worker.alone(desk.long_work)
    desk.worker.beside(beside.set)
    assert beside.wait(PATIENCE)
    assert desk.worker.busy
    desk.go.set()
    assert desk.rested.wait(PATIENCE)


def test_what_work_raises_is_told_and_the_next_work_can_begin():
    desk, done = Desk(), threading.Event()
    desk.worker.alone(lambda: 1 / 0)
    assert desk.rested.wait(PATIENCE)
    assert [type(error) for error in desk.errors] == [ZeroDivisionError]
    desk.worker.alone(done.set)
    assert done.wait(PATIENCE)


def test_what_happens_while_the_page_is_painted_is_painted_in_one_more_pass():
    passes, begun, go = [], threading.Event(), threading.Event()

    def paint():
        passes.append(len(passes))
        begun.set()
        assert go.wait(PATIENCE)
        return True, False

    painter = Painter(paint)
    painter.heard()
    assert begun.wait(PATIENCE)
    for _ in range(100):
        painter.heard()
    go.set()
    assert painter.join(PATIENCE)
    assert passes == [0, 1]


def test_a_page_with_a_clock_is_painted_until_the_clock_stands():
    passes = iter([True, True, False])
    painter = Painter(lambda: (False, next(passes)))
    painter.heard()
    assert painter.join(PATIENCE)
    assert next(passes, None) is None
