"""DAGs that tasks of a DAG trigger: found beside it, and each of their runs run to its end.

Airflow's scheduler would start such a run by itself. Here the task's supervisor does it, when it
has passed the request on to Airflow's API; the task ends no earlier than the run.
"""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from workbench.capture import Log
from workbench.engines.airflow.home import database, load
from workbench.engines.airflow.internals import dags
from workbench.engines.airflow.internals.runs import StoredRun
from workbench.engines.airflow.structure import Structure
from workbench.engines.airflow.worker import Worker
from workbench.engines.protocol import Ticket
from workbench.events import STOPPED
from workbench.graph import PipelineError

# Airflow's words for what is tried again; its scheduler would wait for that, as nobody does here.
_AGAIN = ("up_for_retry", "up_for_reschedule")


@dataclass(frozen=True)
class Ended:
    """A run that a task has triggered: what stands in the record, and why it did not end well."""

    output: Mapping[str, str]
    error: str | None


@dataclass
class Neighbours:
    """DAG id → DAG, for all that a DAG triggers; ``ended`` has the runs, by the tasks."""

    dags: Mapping[str, Any]
    ended: dict[str, Ended] = field(default_factory=dict)
    scheduled: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, dag: Any, structure: Structure, stood_in: Collection[str]) -> "Neighbours":
        """Raise PipelineError for one that is not to be found, or could trigger for ever."""
        triggered: dict[str, Any] = {}
        own = {structure.task_ids[name] for name in stood_in if name in structure.task_ids}
        todo = [(dag, (dag.dag_id,))]
        while todo:
            current, chain = todo.pop()
            for task_id, operator in current.task_dict.items():
                if not _triggers(operator) or (current is dag and task_id in own):
                    continue
                name = structure.name(task_id) if current is dag else f"{current.dag_id}/{task_id}"
                refusal = f"DAG {dag.dag_id!r}: task {name!r} triggers another DAG, "
                for other in _asked(operator, refusal):
                    if other in chain:
                        raise _refused(refusal, f"and that again {other!r}, without an end")
                    triggered[other] = triggered.get(other) or _beside(
                        current, other, partial(_called, wanted=other)
                    )
                    if triggered[other] is None:
                        where = Path(current.fileloc).name
                        raise _refused(refusal, f"{other!r}, which is not in {where} or beside it")
                    todo.append((triggered[other], (*chain, other)))
            triggered |= _defining(current, dag, own if current is dag else ())
        return cls(triggered)

    def register(self, session: Any) -> None:
        """Write them where Airflow's API looks for a DAG that is to be triggered."""
        for dag_id, dag in self.dags.items():
            dag.validate()
            data = dags.serialized(dag)
            self.scheduled[dag_id] = dags.scheduled(data)
            dags.register(data, self.scheduled[dag_id], session)

    def run(self, ticket: Ticket, dag_id: str, run_id: str) -> None:
        """Run a run that the task of this ticket has triggered to its end."""
        run = StoredRun(self.scheduled[dag_id], run_id)
        again: list[tuple[str, int]] = []
        errors: list[str] = []
        with database() as session:
            row = run.row(session)
            if row.state != "queued":  # there was one already, which Airflow does not run again
                return
            row.state, row.start_date = "running", datetime.now(UTC)
        ticket.log.write(f"{dag_id}: run {run_id} begins\n")
        while not ticket.stopped.is_set() and (ready := again or self._ready(run)):
            workers = self._wave(ticket, run, ready)
            again = [address for address, worker in workers.items() if worker.state in _AGAIN]
            for address, worker in workers.items():
                errors += self._concluded(ticket, run, address, worker)
        with database() as session:
            row = run.row(session)
            if row.state == "running":
                row.state = "failed"
                errors.append(STOPPED if ticket.stopped.is_set() else "nothing left can start")
            state = str(row.state)
        ticket.log.write(f"{dag_id}: run {run_id} ended: {state}\n")
        cause = f"DAG {dag_id!r} ended {state}: {'; '.join(errors)}" if errors else None
        output = {"dag_id": dag_id, "run_id": run_id, "state": state}
        self.ended[ticket.task] = Ended(output, cause if state == "failed" else None)

    def _ready(self, run: StoredRun) -> list[tuple[str, int]]:
        with database() as session:
            ready = run.settle(session)
            return [(instance.task_id, instance.map_index) for instance in ready]

    def _wave(
        self, ticket: Ticket, run: StoredRun, ready: list[tuple[str, int]]
    ) -> dict[tuple[str, int], Worker]:
        """Run what may start at once, and wait for all of it."""
        workers = {address: self._worker(ticket, run, address) for address in ready}
        with ThreadPoolExecutor(len(workers)) as pool:
            running = [pool.submit(worker.run) for worker in workers.values()]
            while wait(running, timeout=0.2).not_done:
                if ticket.stopped.is_set():
                    for worker in workers.values():
                        worker.kill()
        return workers

    def _worker(self, ticket: Ticket, run: StoredRun, address: tuple[str, int]) -> Worker:
        task_id, index = address
        name = f"{run.dag.dag_id}/{task_id}" + (f"[{index}]" if index >= 0 else "")
        path = ticket.log.path.with_suffix("") / run.run_id / name
        own = replace(
            ticket, task=name, log=Log(path.with_suffix(".txt")), injection=None, stand_in=None,
            begun=lambda when: None,
        )  # fmt: skip
        return Worker(self.dags[run.dag.dag_id], run, address, own, self.run)

    def _concluded(
        self, ticket: Ticket, run: StoredRun, address: tuple[str, int], worker: Worker
    ) -> Iterator[str]:
        """Tell in the log of the task that triggered it how a task has ended; give its error."""
        name, state = worker.ticket.task, worker.state
        with database() as session:
            instance = run.instance(session, *address)
            if state == "up_for_reschedule":
                ticket.stopped.wait(run.seconds_to_next_look(session, instance))
            if state == "awaiting_input":
                instance.state = state = "failed"
                worker.error = "it asks a person; run its DAG by itself"
        worker.ticket.log.close()
        ticket.log.write(f"  {name}: {state}\n")
        if worker.ticket.log.path.exists():
            text = worker.ticket.log.path.read_text(encoding="utf-8", errors="replace")
            ticket.log.write("".join(f"    {line}\n" for line in text.splitlines()))
        if state == "failed":
            yield f"{name}: {worker.error}"


def _refused(refusal: str, why: str) -> PipelineError:
    return PipelineError(f"{refusal}{why}; give Run a stand_in for the task")


def _triggers(operator: Any) -> bool:
    kinds = getattr(operator, "operator_class", type(operator)).__mro__
    return any(kind.__name__ == "TriggerDagRunOperator" for kind in kinds)


def _asked(operator: Any, refusal: str) -> list[str]:
    """The ids of the DAGs that it triggers, one for each instance of it where it is mapped."""
    arguments = {**vars(operator), **getattr(operator, "partial_kwargs", {})}
    ids = arguments.get("trigger_dag_id")
    if ids is None:
        given = getattr(getattr(operator, "expand_input", None), "value", None)
        ids = given.get("trigger_dag_id") if isinstance(given, dict) else given
        if isinstance(ids, list) and ids and isinstance(ids[0], dict):
            ids = [one.get("trigger_dag_id") for one in ids]
    ids = [ids] if isinstance(ids, str) else ids
    if not isinstance(ids, list | tuple) or not all(
        isinstance(i, str) and "{" not in i for i in ids
    ):
        raise _refused(refusal, "and which one is known only when it runs")
    return list(ids)


def _defining(current: Any, dag: Any, stood_in: Collection[str]) -> dict[str, Any]:
    """DAGs that define assets to which tasks refer by name, other than tasks that are stood in for;
    Airflow knows those of all its DAGs."""
    definers = {}
    for task_id, operator in current.task_dict.items():
        inlets = getattr(operator, "inlets", None) if task_id not in stood_in else None
        for inlet in inlets or ():
            if type(inlet).__name__ not in ("AssetNameRef", "AssetUriRef"):
                continue
            key = "name" if hasattr(inlet, "name") else "uri"
            wanted = getattr(inlet, key)
            definer = _beside(current, wanted, partial(_defines, key=key, wanted=wanted))
            if definer is None:
                raise PipelineError(
                    f"DAG {dag.dag_id!r}: task {task_id!r} reads the asset {wanted!r}, which no "
                    f"DAG in {Path(current.fileloc).name} or beside it defines; "
                    "give Run a stand_in for the task"
                )
            definers[definer.dag_id] = definer
    return {dag_id: definer for dag_id, definer in definers.items() if dag_id != dag.dag_id}


def _defines(dag: Any, key: str, wanted: str) -> bool:
    outlets = [outlet for task in dag.tasks for outlet in task.outlets or ()]
    return any(getattr(outlet, key, None) == wanted for outlet in outlets)


def _called(dag: Any, wanted: str) -> bool:
    return dag.dag_id == wanted


def _beside(dag: Any, wanted: str, suits: Callable[[Any], bool]) -> Any:
    """The DAG that suits and was made where this one was: in the same file, in one beside it that
    has the word, or in the cells of a notebook; None where there is none."""
    path = Path(dag.fileloc)
    main = sys.modules["__main__"]
    typed = path.suffix != ".py" or not path.is_file() or str(path) == getattr(main, "__file__", "")
    if typed:
        made = [value for value in vars(main).values() if isinstance(value, type(dag))]
        return next(filter(suits, made), None)
    files = [path, *sorted(other for other in path.parent.glob("*.py") if other != path)]
    for file in files:
        if file == path or wanted.encode() in file.read_bytes():
            try:
                there = load(file)
            except PipelineError:
                continue
            if one := next(filter(suits, there.values()), None):
                return one
    return None
