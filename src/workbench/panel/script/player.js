const PACE = { "1 event a second": 1000, "4 events a second": 250, "20 events a second": 50 };
const AS_IT_RAN = "as it ran";
const LONGEST = 2000; // milliseconds that a wait of the run is waited for
const SETTLED = 300; // milliseconds after which the address says where we stand

/** What a widget's model is to the view, without a kernel. */
class Model {
  #hearers = new Map();

  constructor(values, told) {
    this.values = values;
    this.send = told;
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    this.update({ [name]: value });
  }

  update(values) {
    const changed = Object.keys(values).filter((name) => this.values[name] !== values[name]);
    Object.assign(this.values, values);
    for (const name of changed)
      for (const hear of this.#hearers.get(`change:${name}`) ?? []) hear();
  }

  on(event, hear) {
    this.#hearers.set(event, [...(this.#hearers.get(event) ?? []), hear]);
  }

  off(event, hear) {
    this.#hearers.set(event, this.#hearers.get(event).filter((other) => other !== hear));
  }
}

/** Steps through the events of a run, which the view shows. */
class Player {
  #timer = 0;
  #pace = Object.keys(PACE)[1];
  #instance = "";
  addressed = true; // whether the address of the page says where this one stands

  constructor(run, moved = () => {}) {
    [this.run, this.moved] = [run, moved];
    this.last = run.events.length - 1;
    this.model = new Model({ ...run.traits, now: run.now, ready: [], held: false, message: "" },
      (message) => this.#told(message));
    this.seq = this.last;
    this.#select(this.#first());
    this.show();
  }

  /** The task to begin with: one that failed, with its log, if there is one. */
  #first() {
    const moment = new Moment(this.run, this.last);
    const failed = this.run.tasks.find((task) => moment.state(task) === "failed");
    if (failed && this.run.logs[failed]) this.model.set("tab", "log");
    return failed ?? this.run.events.findLast(([, task]) => task)?.[1] ?? this.run.tasks[0] ?? "";
  }

  #select(task) {
    this.#instance = task;
    this.model.set("selected", this.run.node[task] ?? task);
  }

  #within(seq) {
    return Math.max(-1, Math.min(this.last, seq));
  }

  go(seq) {
    this.seq = this.#within(seq);
    this.show();
  }

  /** One event on or back, and to the task that it is about. */
  step(forth) {
    this.seq = this.#within(this.seq + forth);
    const task = this.run.events[this.seq]?.[1];
    if (task) this.#select(task);
    this.show();
  }

  show() {
    const { run, model, seq, last } = this;
    const moment = new Moment(run, seq);
    const until = seq === last ? null : (run.events[seq]?.[0] ?? -1);
    const done = run.tasks.filter((task) => run.finished.includes(moment.state(task))).length;
    const note = `${run.look[moment.whole][0]} ${moment.whole}, on ${run.engine}`;
    model.update({
      until,
      states: model.get("names").map((name) => moment.node(name)),
      marks: moment.marks(),
      title: { name: run.name, done, total: run.tasks.length, note },
      moment: { seq, last, text: this.#text(), back: "" },
      ...this.#controls(),
      ...this.#details(moment, until),
    });
    this.moved(this);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.#address(), SETTLED);
  }

  /** The task that is looked at. */
  get task() {
    return this.#instance;
  }

  /** Stand where another player stands: at its second, at its task if there is one of that name. */
  join(other) {
    const at = other.run.events[other.seq]?.[0] ?? -1;
    const after = this.run.events.findIndex(([later]) => later > at);
    this.seq = other.seq === other.last || after < 0 ? this.last : after - 1;
    this.look(other.task);
  }

  /** Turn to a task. */
  look(task) {
    if (this.run.tasks.includes(task)) this.#select(task);
    this.show();
  }

  #text() {
    if (this.seq < 0) return this.run.beginning;
    const [at, task, kind, , text] = this.run.events[this.seq];
    const words = `event ${this.seq} of ${this.last} · ${task ?? "the run"}: ${kind}`;
    return `${words}, ${at.toFixed(2)} s${text ? ` · ${text}` : ""}`;
  }

  #controls() {
    const blocked = {};
    if (this.seq < 0) blocked.Back = "This is the beginning";
    if (this.seq === this.last) blocked.Step = "This is the last event";
    if (this.last < 0) blocked.Play = "Nothing has happened in this run";
    return { blocked, captions: this.#timer ? { Play: "Pause" } : {} };
  }

  #details(moment, until) {
    const selected = this.model.get("selected");
    const instances = moment.instances(selected);
    if (!instances.includes(this.#instance)) {
      const state = moment.node(selected);
      this.#instance = instances.find((task) => moment.state(task) === state) ?? instances[0];
    }
    const Instance = { options: instances, value: this.#instance };
    const Speed = { options: [...Object.keys(PACE), AS_IT_RAN], value: this.#pace };
    const task = selected && this.#instance;
    const headline = task ? moment.headline(task) : {};
    const content = task ? this.#content(moment, task, until) : {};
    return { headline, content, choices: { Speed, Instance } };
  }

  #content(moment, task, until) {
    const { run } = this;
    const attempts = moment.attempts(task, until, run.now);
    const note = run.values ? null : { note: "This page was made without values." };
    const pages = {
      inputs: () => note ?? this.#inputs(moment, task),
      received: () => note ?? run.received[task]?.[attempts.at(-1)?.[0]]
        ?? this.#inputs(moment, task),
      output: () => note ?? moment.output(task)
        ?? { note: `${task} has no output: its state is ${moment.state(task)}` },
      log: () => note ?? (attempts.length ? { logs: this.#logs(task, attempts) } : null),
      attempts: () => (attempts.length ? { attempts } : null),
      why: () => note ?? run.why[task] ?? null,
      source: () => ({ code: run.sources[task] ?? "" }),
    };
    return pages[this.model.get("tab")]() ?? { note: "No attempt yet." };
  }

  #inputs(moment, task) {
    const given = (run) => (run.upstream[task] ?? []).map((up) => [up, moment.output(up)]);
    const rows = given(this.run).filter(([, output]) => output);
    const values = [...rows, ...this.run.parameters];
    return values.length ? { values } : { note: "Nothing has come from upstream at this moment." };
  }

  #logs(task, attempts) {
    const logs = this.run.logs[task] ?? {};
    return attempts.map(([number, state]) => [number, state, logs[number] ?? ""]).reverse();
  }

  #told({ press, moment, choose, select, tab, measure }) {
    if (measure !== undefined) this.model.set("measures", measure ? this.run.measures : {});
    if (moment !== undefined) this.go(moment);
    if (select !== undefined || tab !== undefined) this.show();
    if (choose?.[0] === "Speed") this.#pace = choose[1];
    if (choose?.[0] === "Instance") this.#instance = choose[1];
    if (choose) this.show();
    if (press === "Play") this.#play(!this.#timer);
    else if (press) this.step(press === "Step" ? 1 : -1);
  }

  #play(on) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (on && this.seq === this.last) this.seq = -1;
    const tick = () => {
      this.#timer = this.seq < this.last ? setTimeout(tick, this.#wait()) : 0;
      this.step(this.#timer ? 1 : 0);
    };
    if (on) tick();
    else this.show();
  }

  #wait() {
    const [here, next] = [this.run.events[this.seq]?.[0] ?? 0, this.run.events[this.seq + 1][0]];
    return PACE[this.#pace] ?? Math.min(LONGEST, 1000 * (next - here));
  }

  /** #event=31 and #task=fit lead into a moment, and the address says where we stand. */
  follow() {
    const wanted = new Map(
      location.hash.slice(1).split("&").map((part) => part.split("=")).map(([name, text = ""]) => {
        try {
          return [name, decodeURIComponent(text)];
        } catch {
          return [name, text];
        }
      }),
    );
    const event = wanted.get("event") ?? "";
    if (this.run.tasks.includes(wanted.get("task"))) this.#select(wanted.get("task"));
    this.go(/^-?\d+$/.test(event) ? Number(event) : this.seq);
  }

  #address() {
    if (this.#timer || !this.addressed) return;
    const task = encodeURIComponent(this.#instance);
    history.replaceState(null, "", `#event=${this.seq}${task && `&task=${task}`}`);
  }

  /** Arrow keys, Home, End and the space bar, where nothing else has the focus. */
  key(event) {
    if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      Home: () => this.go(-1),
      End: () => this.go(this.last),
      " ": () => this.#play(!this.#timer),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  }
}
