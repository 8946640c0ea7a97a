"""One run of the flow: what is asked of it, what the judge answers meanwhile, and what was seen."""

import time
from collections import Counter
from dataclasses import dataclass, field

from workbench.exercises.problem_4.errors import ANSWERS_FILE, LONGEST, before, in_one
from workbench.exercises.problem_4.leak import LEAK, is_leak, knows_any
from workbench.exercises.problem_4.rows import FEWEST
from workbench.exercises.verdict import in_line

FLOW = "multi_model_training_pipeline"
KINDS = {  # and the class of each
    "random_forest": "RandomForestClassifier",
    "xgboost": "XGBClassifier",
    "lightgbm": "LGBMClassifier",
}
PATIENCE = 5.0  # seconds that trainings wait for the next one to begin
LATE = 0.25  # seconds after which one that waits asks again, on a machine that is not too busy
MOST_TRAININGS = 2_000  # that are listened to in one run; a search may need hundreds
SHOW = 0.2  # share of the rows of its kind's largest scored one, below which one is for show
AS_MANY = 0.75  # share of the rows of one that was scored, above which another learned from as many


@dataclass
class FlowRun:
    """A run of the flow.

    winner: the kind whose predictions are not spoilt, but for a share of them, taken; second: the
    one with some that are not, a share, kept;
    broken: the kind whose training is to raise this error of Python's;
    patience: seconds that a training waits for the next one to begin, half as many after each that
    waited in vain, and waited: how many have gone by in which it could ask, as it cannot where the
    machine is busy with others; passed_over: how many trainings of each kind and place in their
    task runs, the first ones, need not wait;
    held_out: whether the answer scores on new rows, so that the winner may be wrong on known ones;
    knowing: the kind, if any, that is right about rows that it was trained on, whatever it is about
    others; mild: whether a spoilt prediction is another label instead of one that no row has;
    saves: whether the file it leaves is looked at.
    fits: what was told of each training, by its number; scored: of each prediction; reported: what
    the probe told after the run: `ran`, `records` and `saved`.
    """

    stage: str
    parameters: dict
    winner: str | None = None
    second: str | None = None
    broken: str | None = None
    error: str = "RuntimeError"
    held_out: bool = True
    knowing: str | None = None
    mild: bool = False
    saves: bool = False
    taken: float = 0.0
    kept: float = 0.25
    patience: float = PATIENCE
    passed_over: dict = field(default_factory=dict)
    fits: dict = field(default_factory=dict)
    scored: list = field(default_factory=list)
    reported: dict = field(default_factory=lambda: {"ran": {}, "records": {}, "saved": {}})
    begun: Counter = field(default_factory=Counter)  # trainings, by task run and by place
    waiting: dict = field(default_factory=dict)  # task run and kind → the training that waits
    met: tuple = ()  # the trainings that all waited at once
    waited: float = 0.0
    last_asked: float = 0.0

    @property
    def call(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{FLOW}({given})"

    @property
    def unknown(self) -> str:
        """A model that it asks for and that there is not, if any."""
        asked = self.parameters.get("model_types", ())
        return next((name for name in asked if name not in KINDS), "")

    @property
    def result(self) -> dict:
        return self.reported["ran"].get("returned") or {}

    @property
    def accuracy(self) -> float:
        return self.result["accuracy"] if self.has_accuracy else 0.0

    @property
    def has_accuracy(self) -> bool:
        """Whether what was returned as the accuracy is a share."""
        returned = self.result.get("accuracy")
        return isinstance(returned, float) and 0 <= returned <= 1

    @property
    def asked(self) -> int:
        """How many rows that count the winner was asked about, in the call where that was least;
        where it was asked about few at a time, in all."""
        rows = [told["rows"] for told in self.scored if told["kind"] == self.winner]
        least = min((many for many in rows if many >= FEWEST), default=sum(rows))
        return round(least * (1 - self.mixed))

    @property
    def asks_few(self) -> bool:
        """Whether the winner was asked about so few rows that another may seem to be as good."""
        return 0 < self.asked < FEWEST

    @property
    def asks_some(self) -> bool:
        """Whether the rows that count may be any of those asked about, or come few at a time."""
        rows = [told["rows"] for told in self.scored if told["kind"] == self.winner]
        return bool(self.mixed) or max(rows, default=0) < FEWEST

    @property
    def mixed(self) -> float:
        """The share of known rows in a call that asked the winner, or any model where there is
        none, about known ones and new ones."""
        shares = [
            told["known"]
            for told in self.scored
            if self.winner in (None, told["kind"]) and not told["near"] and is_leak(told)
        ]
        return max((share for share in shares if share < 1 - LEAK), default=0.0)

    @property
    def tasks(self) -> dict[str, dict]:
        """Prefect's task runs by their ids, each with state and message."""
        return self.reported["records"].get("tasks", {})

    @property
    def failed(self) -> list[str]:
        """What Prefect says of the task runs that failed."""
        return [task["message"] for task in self.tasks.values() if task["state"] == "FAILED"]

    @property
    def trained(self) -> list[dict]:
        """The trainings that came to an end, and are neither for show nor help others."""
        # The winner may be trained once more, on all rows, when it has been scored.
        most: dict[str, int] = {}
        for fit in filter(None, (self.fits.get(told["scored"]) for told in self.scored)):
            most[fit["kind"]] = max(most.get(fit["kind"], 0), fit.get("rows", 0))
        helping = self.helping
        ended = [fit for fit in self.fits.values() if "ended" in fit and fit["fit"] not in helping]
        return [fit for fit in ended if fit.get("rows", 0) >= SHOW * most.get(fit["kind"], 0)]

    @property
    def helping(self) -> dict[str, str]:
        """The trainings, and their kinds, whose models are not compared, as those of a baseline or
        of what selects columns: that were not asked to predict as one of another kind in the same
        task run was, or that are none of KINDS where every model that was asked for is trained.
        What was not asked for helps nobody where all of KINDS are trained in one task run."""
        numbers, asked = self.asked_trainings, {}  # task run → the kinds that were asked to predict
        for fit in filter(None, map(self.fits.get, numbers)):
            asked.setdefault(fit["task_run"], set()).add(fit["kind"])
        spare = KINDS.keys() - self.parameters.get("model_types", KINDS)
        beside: dict[str | None, set[str]] = {}  # task run → the kinds that were trained in it
        for fit in self.fits.values():
            beside.setdefault(fit["task_run"], set()).add(fit["kind"])
        begun = set().union(*beside.values())
        are_all = begun.issuperset(KINDS.keys() & self.parameters.get("model_types", KINDS))
        rest = {number: fit for number, fit in self.fits.items() if number not in numbers}
        return {
            number: fit["kind"]
            for number, fit in rest.items()
            if (are_all and fit["kind"] not in KINDS)
            or (fit["task_run"] and asked.get(fit["task_run"], set()) - {fit["kind"]})
            if fit["kind"] not in spare or not beside[fit["task_run"]].issuperset(KINDS)
        }

    @property
    def earnest(self) -> set[str]:
        """The trainings whose models were scored or saved; all, of a kind of which none was."""
        trained = {told["fit"]: told["kind"] for told in self.trained}
        shown = self.asked_trainings | {self.reported["saved"].get("fit")}
        of_kinds = {trained[number] for number in shown & set(trained)}
        return {fit for fit, kind in trained.items() if fit in shown or kind not in of_kinds}

    @property
    def parallel(self) -> bool:
        """Whether all that waited at once were trainings in earnest, or one of them was the one
        whose model was saved, and none for show."""
        trained = {told["fit"] for told in self.trained}
        kept = self.reported["saved"].get("fit") in self.met and trained.issuperset(self.met)
        return bool(self.met) and (kept or self.earnest.issuperset(self.met))

    @property
    def preludes(self) -> dict[tuple, int]:
        """How many trainings of each kind, and place in their task runs, began before the first one
        in earnest."""
        earnest, before, after = self.earnest, Counter(), set()
        for number, told in self.fits.items():
            if number in earnest:
                after.add(told["place"])
            elif told["place"] not in after:
                before[told["place"]] += 1
        return before

    @property
    def kinds(self) -> set[str]:
        return {fit["kind"] for fit in self.trained}

    @property
    def asked_trainings(self) -> set[str]:
        """The trainings whose models were asked to predict."""
        return {told["scored"] for told in self.scored}

    @property
    def asked_to_predict(self) -> set[str]:
        return {told["kind"] for told in self.scored}

    @property
    def trains_boosters(self) -> bool:
        """Whether a kind was trained whose predictions stay as they are, in place of its class."""
        begun = {fit["kind"] for fit in self.fits.values()}
        return any(f"{kind}.train" in begun for kind in KINDS.keys() - begun)

    @property
    def tells_known(self) -> bool:
        """Whether the winner was asked about rows that it was trained on, more than by chance."""
        return any(told["kind"] == self.winner and is_leak(told) for told in self.scored)

    @property
    def seen(self) -> dict[str, float]:
        """Of each kind that was asked to predict: the share of the rows that it was trained on, in
        the call where that was least; what chance may put there does not count."""
        least: dict[str, float] = {}
        for scored in self.scored:
            if scored.get("bag"):  # beside which other rows may be known ones
                continue
            known = scored["known"] if knows_any(scored) else 0.0
            least[scored["kind"]] = min(known, least.get(scored["kind"], 1.0))
        return least

    def may_be_saved(self, number: str) -> bool:
        """Whether a training is one whose model was scored, or another of its kind that learned
        from as many rows: the winner, or the winner trained once more on all of them."""
        scored = self.asked_trainings
        if number in scored or not scored:
            return True
        kind, rows = self.fits[number]["kind"], self.fits[number].get("rows", 0)
        alike = [fit for fit in map(self.fits.get, scored) if fit and fit["kind"] == kind]
        return not alike or rows >= AS_MANY * max(fit.get("rows", 0) for fit in alike)

    @property
    def on_new_rows(self) -> bool:
        """Whether any model was asked about rows hardly one of which it was trained on, or about
        such beside others."""
        return bool(self.mixed) or not all(map(is_leak, self.scored))

    def failure(self) -> str:
        """How the run failed; empty when it completed."""
        ran = self.reported["ran"]
        if "error" in ran:
            error = ANSWERS_FILE.sub("", ran["error"])
            return f"{self.call} could not be tried: {error}{in_line(ran.get('line'))}."
        if "raised" in ran:
            # An error, and those it comes from or consists of.
            text = in_one(ANSWERS_FILE.sub("", str(ran["raised"])))
            cause = text if "Group:" in text else text.partition(" | ")[0].rstrip(".")
            where = in_line(ran.get("line")) + before(text, self.failed)
            return f"{self.call} raised {cause[:LONGEST]}{where}; expected it to return."
        flows = self.reported["records"].get("flows", ["COMPLETED"])
        if "COMPLETED" in flows:
            return ""
        return f"{self.call} returned, but Prefect has no record of a run that completed."

    def begin(self, told: dict) -> dict:
        """Whether this training may go on: when all have begun, or no other has for a while."""
        moment, training = time.monotonic(), (told["task_run"], told["kind"])
        self.waited += min(moment - self.last_asked, LATE)
        self.last_asked = moment
        if told["fit"] not in self.fits and len(self.fits) < MOST_TRAININGS:
            place = told["kind"], self.begun[told["task_run"]] if told["task_run"] else 0
            earlier = self.begun[place]
            self.fits[told["fit"]] = told | {"place": place}
            self.begun.update((told["task_run"], place))
            if earlier < self.passed_over.get(place, 0):
                return {"go": True}
            self.waiting[training], self.waited = told["fit"], 0.0
        if not self.met and len(self.waiting) >= len(KINDS):
            self.met = tuple(self.waiting.values())
        if self.stage == "completes" and not self.met:
            if self.waited <= self.patience:
                return {}
            self.patience /= 2
        self.waiting.pop(training, None)
        if told["kind"] == self.broken:
            return {"go": True, "raise": self.error}
        return {"go": True}

    def score(self, told: dict, fit: dict) -> dict:
        """Which rows a model that is asked to predict is to be wrong about."""
        more = {"rows": int(told["rows"]), "twins": float(told["twins"]), "kind": fit["kind"]}
        self.scored.append(told | more)
        shares, known = {self.second: 1 - self.kept, self.winner: self.taken}, ""
        share = shares.get(fit["kind"], 1.0) if self.winner else self.taken
        if is_leak(self.scored[-1]):  # what chance has put there does not count
            if fit["kind"] == self.knowing:
                known = "right"
            elif fit["kind"] == self.winner and self.held_out:
                known = "wrong"
        return {"known": known, "spoil": share, "mild": self.mild}
