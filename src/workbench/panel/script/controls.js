const PATIENCE = 400; // milliseconds that the slider stays where the reader has put it

/** One of several, by name. */
class Choice {
  constructor(name, model) {
    this.select = make("select", { "aria-label": t(name) });
    this.select.addEventListener("change", () => model.send({ choose: [name, this.select.value] }));
    this.element = make("label", { class: "wb-choice" }, make("span", {}, `${t(name)} `), this.select);
  }

  update(choice, held) {
    const { options, value } = choice ?? { options: [] };
    this.element.hidden = options.length < 2;
    this.select.disabled = held;
    const key = JSON.stringify(options);
    if (this.key !== key)
      this.select.replaceChildren(...options.map((name) => make("option", { value: name }, t(name))));
    this.key = key;
    if (value !== undefined) this.select.value = value;
  }
}

/**
 * Groups of buttons and choices. A button that can do nothing keeps the focus and says why, so that
 * who works by keyboard stays where they are.
 */
class Toolbar {
  buttons = new Map();
  choices = new Map();
  reasons = make("ul");

  constructor(model) {
    this.model = model;
    const groups = model.get("toolbar").map((names) => {
      const parts = names.map((name) => this.#part(name));
      return make("div", { class: "wb-group" }, ...parts);
    });
    const label = { role: "toolbar", "aria-label": t("Steer the run") };
    this.element = make("div", { class: "wb-toolbar", ...label }, ...groups);
    const summary = make("summary", {}, t("Why are some buttons grey?"));
    this.why = make("details", { class: "wb-why" }, summary, this.reasons);
  }

  #part(name) {
    if (name in this.model.get("choices")) {
      this.choices.set(name, new Choice(name, this.model));
      return this.choices.get(name).element;
    }
    const press = () => {
      if (!this.model.get("blocked")[name]) this.model.send({ press: name });
    };
    this.buttons.set(name, button(t(name), press));
    return this.buttons.get(name);
  }

  paint() {
    const [blocked, captions] = [this.model.get("blocked"), this.model.get("captions")];
    for (const [name, button] of this.buttons) {
      button.setAttribute("aria-disabled", String(name in blocked));
      button.title = t(blocked[name] ?? this.model.get("tips")[name]);
      const caption = t(captions[name] ?? name);
      if (button.textContent !== caption) button.textContent = caption;
    }
    this.why.hidden = !Object.keys(blocked).length;
    const lines = Object.entries(blocked).map(([name, reason]) =>
      make("li", {}, make("strong", {}, t(name)), ` — ${t(reason)}`),
    );
    this.reasons.replaceChildren(...lines);
  }

  offer() {
    const [choices, held] = [this.model.get("choices"), this.model.get("held")];
    for (const [name, choice] of this.choices)
      choice.update(choices[name], held && name === "Shown");
  }
}

/** The slider over the events; its value is the `seq` of the event just after which we stand. */
class Moments {
  text = make("span", { class: "wb-moment-text" });
  slider = make("input", { type: "range", role: "slider", "aria-label": t("Event"), min: -1 });
  element = make("div", { class: "wb-moment" }, this.slider, this.text);
  #asked = 0;
  #moved = 0; // when the reader moved it last

  constructor(model) {
    this.model = model;
    this.slider.addEventListener("input", () => {
      this.#moved = Date.now();
      this.#asked ||= requestAnimationFrame(() => {
        this.#asked = 0;
        model.send({ moment: Number(this.slider.value) });
        setTimeout(() => this.paint(), PATIENCE + 50);
      });
    });
  }

  paint() {
    const { seq, last, text: told, back } = this.model.get("moment");
    const text = t(told);
    this.slider.disabled = this.model.get("held") || last < 0;
    this.slider.max = Math.max(last, 0);
    if (Date.now() - this.#moved > PATIENCE) this.slider.value = seq;
    this.slider.setAttribute("aria-valuenow", this.slider.value);
    this.slider.setAttribute("aria-valuetext", text);
    const warning = make("strong", {}, t(" · looking back"));
    this.text.replaceChildren(text, ...(back ? [warning, t(back)] : []));
  }
}

/** The name of the run, and how far it is. */
class Title {
  element = make("div", { class: "wb-title" });

  update({ name, done, total, note }) {
    const bar = make("progress", { max: total || 1, value: done, "aria-label": t("tasks finished") });
    const count = t("{done} of {total} finished", { done, total });
    const text = ` ${count}${note ? ` · ${t(note)}` : ""}`;
    this.element.replaceChildren(make("strong", {}, name), bar, text);
  }
}
