const WRONG = ["failed", "retrying", "upstream_failed"]; // kinds whose text is an error

/** How a run stands just after event `seq`: what is shown of it follows from its events. */
class Moment {
  last = new Map(); // task → the latest event that set its state
  injected = new Map(); // task → how it is made to fail
  outputs = new Map(); // task → the event of its output
  whole = "pending"; // the state of the run

  constructor(run, seq) {
    this.run = run;
    for (let number = 0; number <= seq; number += 1) {
      const event = run.events[number];
      const [, task, kind, , text] = event;
      if (kind === "output") this.outputs.set(task, number);
      else if (kind === "injected" && text) this.injected.set(task, text);
      else if (kind === "injected") this.injected.delete(task);
      else if (task === null) this.whole = this.#after(kind);
      else if (kind in run.kinds) this.last.set(task, event);
      if (kind === "cleared" && task !== null) this.whole = "running";
    }
  }

  #after(kind) {
    return kind === "stopped" ? "failed" : (this.run.kinds[kind] ?? this.whole);
  }

  state(task) {
    return this.run.kinds[this.last.get(task)?.[2]] ?? "pending";
  }

  /** Of several instances the state that most wants to be seen. */
  node(name) {
    const states = new Set(this.instances(name).map((task) => this.state(task)));
    return this.run.urgent.find((state) => states.has(state)) ?? "pending";
  }

  instances(name) {
    return Object.hasOwn(this.run.folds, name) ? this.run.folds[name] : [name];
  }

  marks() {
    const marks = {};
    const add = (task, mark) => {
      const name = this.run.node[task] ?? task;
      marks[name] = marks[name] ? `${marks[name]}; ${mark}` : mark;
    };
    for (const [task, how] of this.injected) add(task, `⚡ ${how}`);
    for (const [task, [, , , , text]] of this.last) if (text?.startsWith("? ")) add(task, "?");
    for (const [task, notes] of Object.entries(this.run.notes))
      if (notes.some((note) => note.startsWith("stand-in "))) add(task, "stand-in");
    for (const [name, instances] of Object.entries(this.run.folds)) {
      const states = instances.map((task) => this.state(task));
      const count = (state) => states.filter((other) => other === state).length;
      const there = Object.keys(this.run.look).filter((state) => count(state));
      const counts = there.map((state) => `${count(state)} ${state}`).join(", ");
      marks[name] = marks[name] ? `${counts}; ${marks[name]}` : counts;
    }
    return marks;
  }

  headline(task) {
    const [, , kind, , text] = this.last.get(task) ?? [];
    const wrong = WRONG.includes(kind) && !text?.startsWith("? ");
    const how = this.injected.get(task);
    const notes = [how && `⚡ injected: ${how}`, !wrong && text, ...(this.run.notes[task] ?? [])];
    const error = wrong ? text : null;
    return { task, state: this.state(task), notes: notes.filter(Boolean), error };
  }

  /** Attempts that have begun by then, as they stood. */
  attempts(task, until, now) {
    return this.run.bars
      .filter(([, other]) => other === task)
      .map(([, , number, start, end, state, error]) => {
        const seen = seenAt(until, { start, end, state }, now);
        return seen.past ? null : [number, seen.state, start, seen.state === state ? end : null,
          seen.state === state ? error : null];
      })
      .filter(Boolean);
  }

  output(task) {
    const number = this.outputs.get(task);
    const done = DONE.includes(this.state(task)) && number !== undefined;
    return done ? this.run.outputs[number] : null;
  }
}
