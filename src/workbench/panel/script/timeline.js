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
 */
class Timeline {
  element = make("div", { class: "wb-times", role: "img" });
  axis = make("div", { class: "wb-axis", "aria-hidden": "true" });
  #rows = new Map(); // task or lane → its row
  #drawn = new Map(); // task#attempt → its bar
  #ticks = "";
  #dense = null;

  constructor(model, choose) {
    [this.model, this.choose] = [model, choose];
  }

  paint() {
    const [now, until] = [this.model.get("now"), this.model.get("until")];
    const bars = this.model
      .get("bars")
      .map(([node, task, number, start, end, state]) => ({ node, task, number, start, end, state }))
      .sort((one, other) => one.start - other.start);
    const tasks = new Set(bars.map((bar) => bar.task));
    this.#begin(tasks);
    const shown = clock(bars, now);
    const ends = [];
    for (const bar of bars) this.#paint(bar, shown, ends, now, until);
    const busy = bars.some((bar) => bar.end === null);
    const last = busy ? [shown(now)] : bars.map((bar) => shown(bar.end));
    const total = last.reduce((most, at) => Math.max(most, at), 0.001);
    this.element.hidden = this.axis.hidden = !bars.length;
    const label = `Timeline of ${tasks.size} tasks; the tab Attempts has the figures of one`;
    this.element.setAttribute("aria-label", label);
    this.element.style.setProperty("--total", total);
    this.#scale(total);
  }

  #begin(tasks) {
    const many = tasks.size > NAMED_ROWS;
    const drawn = [...this.#drawn.keys()].map((name) => name.slice(0, name.lastIndexOf("#")));
    if (many !== this.#dense || drawn.some((task) => !tasks.has(task))) {
      this.#rows.clear();
      this.#drawn.clear();
      this.element.replaceChildren();
      this.#dense = many;
    }
    this.element.classList.toggle("is-dense", many);
  }

  #paint(attempt, shown, ends, now, until) {
    const look = this.model.get("look");
    const { node, task, number, start } = attempt;
    const { past, state, stop } = seenAt(until, attempt, now);
    const row = this.#dense ? lane(ends, start, attempt.end) : task;
    const sign = look[past ? "pending" : state][0];
    const label = this.#dense ? `lane ${row + 1}` : `${sign} ${task}`;
    const bar = this.#bar(`${task}#${number}`, this.#track(row, label));
    const key = [start, stop, shown(start), state, past].join();
    if (bar.key === key) return;
    bar.key = key;
    bar.dataset.node = node;
    bar.hidden = past;
    bar.className = `wb-attempt state-${state}`;
    bar.style.setProperty("--start", shown(start));
    bar.style.setProperty("--lasted", Math.max(stop - start, 0));
    bar.textContent = look[state][0];
    bar.title = `${task}, attempt ${number}: ${state}, ${(stop - start).toFixed(3)} s`;
  }

  #track(key, label) {
    if (!this.#rows.has(key)) {
      const parts = [make("span", { class: "wb-name" }), make("span", { class: "wb-track" })];
      this.#rows.set(key, make("div", { class: "wb-row" }, ...parts));
      this.element.append(this.#rows.get(key));
    }
    const row = this.#rows.get(key);
    if (row.firstChild.textContent !== label) row.firstChild.textContent = label;
    return row.lastChild;
  }

  #bar(name, track) {
    if (!this.#drawn.has(name)) {
      const bar = track.appendChild(make("span"));
      bar.addEventListener("click", () => this.choose(bar.dataset.node));
      this.#drawn.set(name, bar);
    }
    return this.#drawn.get(name);
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
