const NAMED_ROWS = 30; // timeline rows that have room for a name
const IDLE = 1; // seconds in which nothing runs before the timeline cuts them out

/** Seconds since the run began → seconds on the timeline, without the idle ones. */
function clock(bars, now) {
  const cuts = [];
  let reached = -Infinity;
  for (const { start, end } of bars) {
    const first = reached === -Infinity;
    if (start - reached > IDLE) cuts.push([start, first ? start : start - reached - IDLE / 4]);
    reached = Math.max(reached, end ?? now);
  }
  return (at) =>
    cuts.reduce((shifted, [from, length]) => (at >= from ? shifted - length : shifted), at);
}

/** What an attempt looks like at the moment that is looked at: not begun, under way, or ended. */
function seenAt(until, { start, end, state }, now) {
  const past = until !== null && start > until;
  const cut = until !== null && !past && (end ?? Infinity) > until;
  return { past, state: cut ? "running" : state, stop: cut ? until : (end ?? now) };
}

/** One attempt in words. */
const told = ({ task, number, start, seen: { state, stop } }) =>
  `${task}, ${t("attempt {number}", { number })}: ${t(state)}, ${(stop - start).toFixed(3)} s`;

/** The first lane that is free again at `start`. */
function lane(ends, start, end) {
  const free = ends.findIndex((ended) => ended <= start);
  const number = free < 0 ? ends.length : free;
  ends[number] = end ?? Infinity;
  return number;
}

/**
 * A row for each task, or lanes when there are many. Time in which nothing ran is cut out;
 * positions are fractions of --total, so that growing time moves all bars and touches none.
 *
 * Attempts are laid out when they have changed; another moment repaints the bars that it changes.
 */
class Timeline {
  element = make("div", { class: "wb-times", role: "img" });
  axis = make("div", { class: "wb-axis", "aria-hidden": "true" });
  #rows = new Map(); // task → its row
  #drawn = new Map(); // task#attempt → its bar
  #attempts = []; // in the order in which they began, each with its place, and how it is seen
  #total = 1;
  #laid = []; // for which attempts, and when
  #ticks = "";
  #dense = null;

  constructor(model, choose) {
    this.model = model;
    this.lanes = new Lanes(() => this.#dense && this.paint(), choose);
    this.element.addEventListener("click", ({ target: { attempt } }) => {
      if (attempt) choose(attempt.node);
    });
    this.element.addEventListener("mouseover", ({ target }) => {
      if (target.attempt) target.title = told(target.attempt);
    });
  }

  paint() {
    const [bars, now, until] = ["bars", "now", "until"].map((name) => this.model.get(name));
    const busy = this.#attempts.some((attempt) => attempt.end === null);
    if (bars !== this.#laid[0] || (busy && now !== this.#laid[1])) this.#lay(bars, now);
    const look = this.model.get("look");
    for (const attempt of this.#attempts) attempt.seen = seenAt(until, attempt, now);
    if (this.#dense) return this.lanes.paint(this.#attempts, this.#total, look);
    const signs = new Map(); // task → the sign of its latest attempt
    for (const attempt of this.#attempts) {
      const { past, state } = attempt.seen;
      if (!past || !signs.has(attempt.task)) signs.set(attempt.task, look[past ? "pending" : state][0]);
      this.#see(attempt, look);
    }
    for (const [task, sign] of signs) this.#label(task, `${sign} ${task}`);
  }

  #lay(bars, now) {
    this.#laid = [bars, now];
    this.#attempts = bars
      .map(([node, task, number, start, end, state]) => ({ node, task, number, start, end, state }))
      .sort((one, other) => one.start - other.start);
    const tasks = new Set(this.#attempts.map(({ task }) => task));
    this.#begin(tasks);
    const shown = clock(this.#attempts, now);
    const ends = [];
    for (const attempt of this.#attempts) this.#place(attempt, shown, ends);
    const busy = this.#attempts.some(({ end }) => end === null);
    const last = busy ? [shown(now)] : this.#attempts.map(({ end }) => shown(end));
    const total = last.reduce((most, at) => Math.max(most, at), 0.001);
    this.element.hidden = this.axis.hidden = !bars.length;
    const label = t("Timeline of {count} tasks; the tab Attempts has the figures of one", {
      count: tasks.size,
    });
    this.element.setAttribute("aria-label", label);
    this.#total = total;
    this.element.style.setProperty("--total", total);
    this.#scale(total);
  }

  #begin(tasks) {
    const many = tasks.size > NAMED_ROWS;
    const left = [...this.#drawn.values()].some(({ attempt }) => !tasks.has(attempt.task));
    if (many !== this.#dense || left) {
      this.#rows.clear();
      this.#drawn.clear();
      this.element.replaceChildren(...(many ? [this.lanes.element] : []));
      this.#dense = many;
    }
  }

  #place(attempt, shown, ends) {
    const { task, number, start, end } = attempt;
    attempt.from = shown(start);
    if (this.#dense) {
      attempt.row = lane(ends, start, end);
      return;
    }
    const key = `${task}#${number}`;
    if (!this.#drawn.has(key)) this.#drawn.set(key, this.#track(task).appendChild(make("span")));
    attempt.bar = this.#drawn.get(key);
    attempt.bar.attempt = attempt;
    attempt.bar.style.setProperty("--start", attempt.from);
  }

  #see({ bar, start, seen: { past, state, stop } }, look) {
    if (bar.past === past && bar.state === state && bar.stop === stop) return;
    Object.assign(bar, { past, state, stop });
    bar.hidden = past;
    bar.className = `wb-attempt state-${state}`;
    bar.style.setProperty("--lasted", Math.max(stop - start, 0));
    bar.textContent = look[state][0];
  }

  #track(key) {
    if (!this.#rows.has(key)) {
      const parts = [make("span", { class: "wb-name" }), make("span", { class: "wb-track" })];
      this.#rows.set(key, this.element.appendChild(make("div", { class: "wb-row" }, ...parts)));
    }
    return this.#rows.get(key).lastChild;
  }

  #label(key, text) {
    const name = this.#rows.get(key).firstChild;
    if (name.textContent !== text) name.textContent = text;
  }

  #scale(total) {
    const rough = total / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((base) => base * power).find((size) => size >= rough);
    if (this.#ticks === `${step} ${total}`) return;
    this.#ticks = `${step} ${total}`;
    const marks = Array.from({ length: Math.floor(total / step) + 1 }, (_, number) => {
      const tick = make("span", {}, `${Number((number * step).toPrecision(6))} s`);
      tick.style.left = `${(100 * number * step) / total}%`;
      return tick;
    });
    this.axis.replaceChildren(...marks);
  }
}
