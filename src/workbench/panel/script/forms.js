const HALTS = {
  "": "nowhere",
  before: "before it runs",
  after: "after it has run",
  failure: "when it fails",
  condition: "when its output is so:",
};
const CARDS = 3; // questions that are shown at once

/** A form: what it holds, sent by its button or by Enter. */
function form(attributes, send, ...parts) {
  const made = make("form", attributes, ...parts);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    if (made.querySelector("button").getAttribute("aria-disabled") !== "true") send();
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault(); // in a notebook the browser's own way is not taken
    event.stopPropagation();
    made.requestSubmit();
  });
  return made;
}

const submit = (text) => make("button", { type: "submit" }, t(text));

/** A line to write in, and a button. */
class Line {
  constructor(label, act, hint, send) {
    const help = { placeholder: hint, spellcheck: "false", autocomplete: "off", autocapitalize: "off" };
    this.field = make("input", { type: "text", "aria-label": t(label), ...help });
    this.button = submit(act);
    this.element = form({ class: "wb-line" }, () => send(this.field.value), this.field, this.button);
  }

  hold(held) {
    this.button.setAttribute("aria-disabled", String(held));
  }
}

/** What stands in for the selected task, and where it halts the run. */
class Steer {
  #last = make("p", { class: "wb-note" });
  #lifted = make("p");
  #shown = "";

  constructor(model) {
    this.model = model;
    const send = (...fill) => model.send({ fill });
    this.use = button(t("Use its last output"), () => send("use last", null));
    this.lift = button(t("Let it run itself"), () => send("lift", null));
    this.value = new Line("Value that stands in", "Stand in", '[1, 2, 3]', (text) => send("stand in", text));
    this.when = make("select", { "aria-label": t("Halt the run") });
    this.when.append(...Object.entries(HALTS).map(([value, text]) => make("option", { value }, t(text))));
    this.when.addEventListener("change", () => {
      this.condition.element.hidden = this.when.value !== "condition";
      if (this.when.value !== "condition") send("halt", this.when.value);
      else this.condition.field.focus();
    });
    this.condition = new Line("Condition over its output, value", "Set", "value > 10", (text) =>
      send("halt", text));
    const stands = t("What it returns without being run, as JSON or as Python writes it.");
    this.element = make("div", { class: "wb-steer" },
      this.#section("Stand in", make("p", { class: "wb-note" }, stands), this.#lifted, this.value.element, this.#last),
      this.#section("Halt the run", make("div", { class: "wb-line" }, this.when, this.condition.element)),
    );
  }

  #section(title, ...parts) {
    return make("section", {}, make("h4", {}, t(title)), ...parts);
  }

  update(content) {
    const { stands, last, when, condition } = content;
    const [key, { task }] = [JSON.stringify(content), this.model.get("headline")];
    if (this.task !== task) this.value.field.value = "";
    if (this.task === task && key === this.#shown) return; // what is being written stays
    [this.task, this.#shown] = [task, key];
    const standing = stands && t("In its place stands: {value}", { value: stands });
    this.#lifted.replaceChildren(...(stands ? [`⇄ ${standing} `, this.lift] : []));
    this.#lifted.hidden = !stands;
    const [origin, summary] = last ?? [];
    const kept = last && `${t(origin)}: ${summary} `;
    this.#last.replaceChildren(...(last ? [kept, this.use] : [t("No earlier output of it is kept.")]));
    this.when.value = when;
    this.condition.element.hidden = when !== "condition";
    this.condition.field.value = condition;
  }
}

/** A question that a task asks a person, and the form for the answer. */
function question({ task, subject, body, options, multiple, defaults, fields }, send) {
  const kind = multiple ? "checkbox" : "radio";
  const boxes = options.map((option, number) => {
    const first = defaults.length ? defaults.includes(option) : !multiple && options.length === 1;
    const name = `wb-answer-${task}`;
    const box = make("input", { type: kind, name, value: option, ...(first ? { checked: "" } : {}) });
    if (!multiple && !number) box.required = true;
    return [box, make("label", { class: "wb-option" }, box, option)];
  });
  const lines = fields.map(([name, value]) => {
    const field = make("input", { type: "text", value, autocomplete: "off", "data-name": name });
    return [field, make("label", { class: "wb-field" }, make("span", {}, name), field)];
  });
  const answer = () => {
    const chosen = boxes.filter(([box]) => box.checked).map(([box]) => box.value);
    const filled = lines.map(([field]) => [field.dataset.name, field.value]);
    send({ fill: ["answer", { task, chosen, fields: Object.fromEntries(filled) }] });
  };
  const asks = make("p", {}, make("strong", {}, `? ${task}`), ` ${t("asks:")} ${subject}`);
  const choices = boxes.length > 1 ? [make("fieldset", {}, make("legend", {}, t("Choose")), ...boxes.map(([, l]) => l))] : [];
  const parts = [...(body ? [make("pre", {}, body)] : []), ...choices, ...lines.map(([, l]) => l)];
  const label = { class: "wb-question", "aria-label": t("{task} waits for an answer", { task }) };
  return form(label, answer, asks, ...parts, submit("Answer"));
}

/** What tasks ask a person; forms that are being filled in stay as they are. */
class Questions {
  element = make("div", { class: "wb-questions" });
  #shown = new Map(); // question as text → its form

  constructor(model) {
    this.model = model;
  }

  paint() {
    const asked = this.model.get("questions") ?? [];
    const keys = asked.slice(0, CARDS).map((one) => JSON.stringify(one));
    const send = (message) => this.model.send(message);
    const forms = keys.map((key) => this.#shown.get(key) ?? question(JSON.parse(key), send));
    this.#shown = new Map(keys.map((key, number) => [key, forms[number]]));
    const more = asked.length - forms.length;
    const rest = more > 0 ? [SHOWN.note(t(" and {count} more", { count: more }).trim())] : [];
    this.element.hidden = !asked.length;
    if (keys.join() === this.keys) return;
    this.keys = keys.join();
    this.element.replaceChildren(...forms, ...rest);
  }
}

/** Running until something holds, and what is watched along the run. */
class Along {
  #list = make("div");

  constructor(model) {
    this.model = model;
    const send = (...fill) => model.send({ fill });
    const over = "len(clean) > 100";
    this.until = new Line("Condition over outputs", "Run until", over, (text) => send("until", text));
    this.watch = new Line("Expression over outputs", "Watch", "fit['accuracy']", (text) => {
      send("watch", text);
      this.watch.field.value = "";
    });
    const summary = make("summary", {}, t("Run until, and watch"));
    const lines = make("div", { class: "wb-lines" }, this.until.element, this.watch.element);
    this.element = make("details", { class: "wb-along" }, summary, lines, this.#list);
    this.element.hidden = !model.get("toolbar").flat().includes("Run all");
    this.#list.addEventListener("click", ({ target: { dataset } }) => {
      if (dataset.seq) model.send({ moment: Number(dataset.seq) });
      if (dataset.watch) send("unwatch", dataset.watch);
    });
  }

  hold(held) {
    this.until.hold(held);
  }

  paint() {
    const watches = this.model.get("watches") ?? [];
    const { seq: here } = this.model.get("moment");
    const key = JSON.stringify([watches, here]);
    if (key === this.key) return;
    this.key = key;
    this.#list.replaceChildren(...(watches.length ? [this.#table(watches, here)] : []));
  }

  #table(watches, here) {
    const rows = watches.map(([watch, values]) => {
      const now = values.findLast(([seq]) => seq <= here);
      const since = values.map(([seq, text]) => {
        const current = text === now?.[1] && seq === now[0] ? { "aria-current": "true" } : {};
        return make("li", current, `${t(text)} `, momentLink(seq));
      });
      const off = { type: "button", "data-watch": watch, "aria-label": t("Watch no more: {watch}", { watch }) };
      const value = now ? t(now[1]) : t("not there yet");
      const all = make("details", {}, make("summary", {}, value), make("ul", {}, ...since));
      const cells = [make("td", {}, values.length ? all : value), make("td", {}, make("button", off, "×"))];
      return make("tr", {}, make("th", { scope: "row" }, make("code", {}, watch)), ...cells);
    });
    return table(rows);
  }
}
