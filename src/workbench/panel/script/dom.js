// Elements, and what is said aloud. The files of this folder are read one after the other as one
// module: `widget.js` or `page.js` comes last.
const SPEAK_EVERY = 700; // milliseconds between two announcements

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** A button that does this when it is pressed. */
function button(text, act, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

/** Also where a host keeps each widget in a shadow tree of its own, as marimo does. */
const holdsFocus = (element) => element.contains(element.getRootNode().activeElement ?? null);

const spoken = (state) => t(state).replace("_", " ");

/** Says politely what changes, a few words at a time. */
class Speaker {
  element = make("div", { class: "wb-live", role: "status", "aria-live": "polite" });
  #waiting = [];
  #timer = 0;

  say(news) {
    this.#waiting = this.#waiting.concat(news);
    if (this.#waiting.length) this.#timer ||= setTimeout(() => this.#speak(), 50);
  }

  #speak() {
    const news = this.#waiting;
    [this.#waiting, this.#timer] = [[], 0];
    if (!news.length) return;
    const extra = news.length > 4 ? t(" and {count} more", { count: news.length - 4 }) : "";
    this.element.textContent = news.slice(-4).join(", ") + extra;
    this.#timer = setTimeout(() => this.#speak(), SPEAK_EVERY);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/** A colour, a border and an ink for each state, as rules of style. */
function styles(look) {
  const rules = Object.entries(look).map(([state, [, fill, border]]) => {
    const bold = border === "bold";
    const properties = {
      fill: state === "pending" ? "var(--wb-paper)" : fill,
      text: state === "pending" ? "var(--wb-ink)" : "#000",
      dash: { dashed: "5 3", dotted: "1.5 3" }[border] ?? "none",
      stroke: bold ? "2.4px" : "1.1px",
      border: bold ? "solid" : border,
    };
    const declarations = Object.entries(properties).map(([name, value]) => `--${name}:${value}`);
    return `.wb-panel .state-${state}{${declarations.join(";")}}`;
  });
  return make("style", {}, rules.join("\n"));
}
