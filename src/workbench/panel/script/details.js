const COLUMNS = ["attempt", "state", "start", "end", "lasted", "error"];
let tabLists = 0; // so that each has ids of its own

const table = (rows, ...head) => make("table", { class: "wb-table" }, ...head, make("tbody", {}, ...rows));

/** The one place beside the drawing where HTML is taken as it comes: made by `values.py`. */
const value = (tag, html) => {
  const element = make(tag);
  element.innerHTML = html;
  return element;
};

function attemptRow([number, state, start, end, error], look) {
  const seconds = (time) => (time === null ? "…" : `${time.toFixed(3)} s`);
  const lasted = end === null ? null : end - start;
  const sign = `${look[state][0]} ${t(state)}`;
  const cells = [number, sign, seconds(start), seconds(end), seconds(lasted), error ?? ""];
  return make("tr", {}, ...cells.map((cell) => make("td", {}, String(cell))));
}

const contents = (content, look) =>
  Object.entries(content).map(([kind, what]) => SHOWN[kind](what, look));

/** Leads to the moment after an event; whoever holds it hears of the click. */
const momentLink = (seq) => {
  const at = { type: "button", "data-seq": seq, title: t("Look at this moment") };
  return make("button", at, t("event {seq}", { seq }));
};

/** What a tab can hold, by kind. */
const SHOWN = {
  note: (text) => make("p", { class: "wb-note" }, t(text)),
  error: (text) => make("p", { class: "wb-error" }, text),
  code: (text) => make("pre", {}, make("code", {}, text)),
  value: (html) => value("div", html),
  values(rows, look) {
    const cell = (held) =>
      typeof held === "string" ? value("td", held) : make("td", {}, ...contents(held, look));
    const head = (name) => make("th", { scope: "row" }, name);
    return table(rows.map(([name, held]) => make("tr", {}, head(name), cell(held))));
  },
  reasons(sentences) {
    const line = ([text, causes]) => make("li", {}, `${text}. `, ...causes.map(momentLink));
    return make("ul", {}, ...sentences.map(line));
  },
  attempts(rows, look) {
    const head = COLUMNS.map((title) => make("th", { scope: "col" }, t(title)));
    const lines = rows.map((row) => attemptRow(row, look));
    return table(lines, make("thead", {}, make("tr", {}, ...head)));
  },
  logs(rows, look) {
    const folds = rows.map(([number, state, text], place) => {
      const summary = make("summary", {}, `${t("attempt {number}", { number })}: ${look[state][0]} ${t(state)}`);
      const nothing = "This attempt has written nothing.";
      const body = text ? make("pre", {}, text) : SHOWN.note(nothing);
      return make("details", place ? {} : { open: "" }, summary, body);
    });
    return make("div", {}, ...folds);
  },
};

/** Another output for the selected task, and what comes of it. */
class Fork {
  note = make("p", { class: "wb-note" });
  field = make("textarea", { rows: 3, "aria-label": t("New output") });
  comparison = make("div");

  constructor(model) {
    this.button = button(t("Fork and run"), () => {
      const off = this.button.getAttribute("aria-disabled") === "true";
      if (!off) model.send({ fork: this.field.value });
    });
    const parts = [this.note, this.field, this.button, this.comparison];
    this.element = make("div", { class: "wb-fork" }, ...parts);
  }

  update({ text, note, comparison }, held) {
    this.note.textContent = t(note);
    this.field.disabled = text === null;
    this.button.setAttribute("aria-disabled", String(held || text === null));
    if (this.text !== text) this.text = this.field.value = text ?? "";
    if (this.html !== comparison) this.html = this.comparison.innerHTML = comparison;
  }
}

/** The selected task in one line: its state, and what it failed with. */
class Headline {
  element = make("div", { class: "wb-headline" });

  update({ task, state, notes, error }, look) {
    if (!task) return this.element.replaceChildren(SHOWN.note("No task is selected."));
    const chip = `wb-chip state-${state}`;
    this.element.replaceChildren(
      make("strong", {}, task),
      make("span", { class: chip }, `${look[state][0]} ${t(state)}`),
      ...notes.map((note) => make("span", {}, t(note))),
      ...(error ? [make("span", { class: "wb-error" }, error)] : []),
    );
  }
}

/** A tab for each aspect of the selected task. */
class Tabs {
  panel = make("div", { class: "wb-page", role: "tabpanel", tabindex: 0 });

  constructor(model) {
    this.model = model;
    this.forms = { fork: new Fork(model), steer: new Steer(model) };
    const id = `wb-tabs-${(tabLists += 1)}`;
    this.buttons = model.get("tabs").map((name, number) => {
      const title = t(name[0].toUpperCase() + name.slice(1));
      const own = { id: `${id}-${number}`, "aria-controls": id };
      return button(title, () => this.#turn(number), { role: "tab", ...own });
    });
    this.panel.id = id;
    this.panel.addEventListener("click", ({ target }) => {
      if (target.dataset?.seq) model.send({ moment: Number(target.dataset.seq) });
    });
    this.list = make("div", { class: "wb-tabs", role: "tablist" }, ...this.buttons);
    this.list.setAttribute("aria-label", t("About the selected task"));
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.mark();
  }

  #turn(number) {
    const name = this.model.get("tabs")[number];
    this.model.set("tab", name);
    this.model.send({ tab: name });
  }

  #key(event) {
    const last = this.buttons.length - 1;
    const here = this.buttons.indexOf(event.target);
    const [right, left] = [here === last ? 0 : here + 1, here ? here - 1 : last];
    const next = { ArrowRight: right, ArrowLeft: left, Home: 0, End: last }[event.key];
    if (here < 0 || next === undefined) return;
    event.preventDefault();
    this.buttons[next].focus();
    this.#turn(next);
  }

  mark() {
    const open = this.model.get("tabs").indexOf(this.model.get("tab"));
    this.buttons.forEach((tab, number) => {
      tab.setAttribute("aria-selected", String(number === open));
      tab.setAttribute("tabindex", number === open ? "0" : "-1");
    });
    this.panel.setAttribute("aria-labelledby", this.buttons[open].id);
  }

  paint() {
    const content = this.model.get("content");
    const name = Object.keys(this.forms).find((name) => content[name]);
    if (!name) return this.panel.replaceChildren(...contents(content, this.model.get("look")));
    const form = this.forms[name];
    form.update(content[name], this.model.get("held"));
    if (this.panel.firstChild !== form.element) this.panel.replaceChildren(form.element);
  }
}
