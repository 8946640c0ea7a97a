const NOT_RUN = ["skipped", "upstream_failed"];
const DONE = ["success", "cached"];
const NARROW = 480; // pixels of a screen that scrolls down rather than aside

const SIGNS = {
  "⚡": "injected failure:",
  "‖": "halts the run:",
  "?": "waits for an answer",
  "✎": "stale: the code has changed",
};

/** Text at a place of the drawing. */
function lettering(kind, x, y, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "text");
  for (const [name, value] of Object.entries({ class: kind, x, y })) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

const signOf = (mark) => (mark[0] in SIGNS ? mark[0] : "");

/** One mark of a node in words: what its sign means, or how many instances are in which state. */
function inWords(mark) {
  const sign = signOf(mark);
  if (!sign) return t(mark.replace(/(\d+) (\w+)/g, (_, number, word) => `${number} ${t(word)}`));
  return `${t(SIGNS[sign])} ${t(mark.slice(2))}`.trim();
}

/**
 * The graph, laid out once and restyled. One tab stop; arrow keys move along edges.
 * Nodes stand as in `names`, and so do all numbers of nodes.
 */
class Drawing {
  element = make("div", { class: "wb-graph" });
  frame = new Frame(this.element);
  nodes = [];
  words = []; // node → its state, and what else its colour does not say
  edges = []; // each with the numbers of its ends
  down = new Map(); // node → those that its edges lead to
  up = new Map(); // node → those that its edges come from
  #shown = []; // what each node shows: state, ready, mark
  #here = 0; // the node that has the tab stop
  #centres = null; // of the nodes, measured when first asked for

  constructor(model, speaker, choose) {
    [this.model, this.speaker, this.choose] = [model, speaker, choose];
    this.element.addEventListener("click", ({ target }) => {
      const node = target.closest("g.node");
      if (node) this.take(this.nodes.indexOf(node));
    });
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  load() {
    const focused = holdsFocus(this.element);
    const kept = this.nodes[this.#here]?.dataset.task;
    const names = this.model.get("names");
    this.element.innerHTML = this.#drawn();
    [this.nodes, this.edges, this.#shown, this.#centres] = [[], [], [], null];
    const svg = this.element.querySelector("svg");
    if (!svg) return this.#without(names);
    this.#number(svg, names);
    this.frame.hold(svg);
    const first = [kept, this.model.get("selected")].map((name) => names.indexOf(name));
    this.#move(Math.max(0, first.find((number) => number >= 0) ?? 0));
    if (focused) this.nodes[this.#here]?.focus();
    else this.frame.centre(this.nodes[this.#here]);
    this.paint();
    this.pick();
  }

  /** The drawing from left to right; on a narrow screen one that goes down, if that is narrower. */
  #drawn() {
    const [svg, tall] = [this.model.get("svg"), this.model.get("tall")];
    const wide = (drawn) => Number(/viewBox="\S+ \S+ (\S+)/.exec(drawn)?.[1]);
    return tall && this.element.clientWidth < NARROW && wide(tall) < wide(svg) ? tall : svg;
  }

  #without(names) {
    const growing = "The tasks appear when the flow runs.";
    const text = names.length ? "This machine cannot lay out a graph." : growing;
    this.element.replaceChildren(make("p", { class: "wb-note" }, t(text)));
  }

  #number(svg, names) {
    svg.setAttribute("role", "application");
    svg.setAttribute("aria-roledescription", t("pipeline graph"));
    const keys = t("Arrow keys move along edges and between neighbours, Enter selects.");
    svg.setAttribute("aria-label", `${t("{count} tasks.", { count: names.length })} ${keys}`);
    const numbers = new Map(); // the layout's own name of a node → its number
    for (const node of svg.querySelectorAll("g.node")) {
      const number = Number(node.id.split("-")[1]);
      numbers.set(node.querySelector("title").textContent, number);
      this.nodes[number] = this.#made(node, names[number]);
    }
    [this.down, this.up] = [new Map(), new Map()];
    for (const edge of svg.querySelectorAll("g.edge")) {
      const title = edge.querySelector("title");
      const [from, to] = title.textContent.split("->").map((end) => numbers.get(end));
      title.remove();
      this.edges.push([edge, from, to]);
      this.down.set(from, [...(this.down.get(from) ?? []), to]);
      this.up.set(to, [...(this.up.get(to) ?? []), from]);
    }
    for (const extra of svg.querySelectorAll("g.cluster > title, g.graph > title")) extra.remove();
  }

  #made(node, name) {
    node.querySelector("title").textContent = name;
    node.querySelector("a")?.removeAttribute("xlink:title");
    for (const marked of [node, ...node.querySelectorAll("[id]")]) marked.removeAttribute("id");
    node.dataset.task = name;
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    const text = node.querySelector("text");
    node.label = [text, text.textContent.slice(text.textContent.indexOf(" ") + 1)];
    return node;
  }

  paint() {
    const [states, marks] = [this.model.get("states"), this.model.get("marks")];
    const ready = new Set(this.model.get("ready"));
    const news = [];
    const changed = new Set();
    this.nodes.forEach((node, number) => {
      const name = node.dataset.task;
      const after = [states[number] ?? "pending", ready.has(name), marks[name] ?? ""];
      const before = this.#shown[number];
      if (before && after.every((value, index) => value === before[index])) return;
      this.#shown[number] = after;
      if (before?.[0] !== after[0]) changed.add(number);
      if (before && before[0] !== after[0]) news.push(`${name} ${spoken(after[0])}`);
      this.#restyle(node, number, before, after);
    });
    this.#restyleEdges(changed);
    this.speaker.say(news);
  }

  #restyle(node, number, before, [state, ready, mark]) {
    if (before) node.classList.remove(`state-${before[0]}`);
    node.classList.add(`state-${state}`);
    node.classList.toggle("is-ready", ready);
    const [text, label] = node.label;
    text.textContent = `${this.model.get("look")[state][0]} ${label}`;
    const marks = mark ? mark.split("; ") : [];
    this.#flash(node, marks.map(signOf).join(""));
    const said = marks.map(inWords).join("; ");
    this.words[number] = [spoken(state), ready && t("ready to run"), said].filter(Boolean).join(", ");
    const whole = `${node.dataset.task}: ${this.words[number]}`;
    node.setAttribute("aria-label", whole);
    node.querySelector("title").textContent = whole;
  }

  /** The signs of its marks, at the upper right of a node. */
  #flash(node, signs) {
    node.querySelector(".wb-flash")?.remove();
    if (!signs) return;
    const box = node.querySelector("path").getBBox();
    node.append(lettering("wb-flash", box.x + box.width + 7, box.y + 5, signs));
  }

  #restyleEdges(changed) {
    for (const [edge, from, to] of this.edges) {
      if (!changed.has(from) && !changed.has(to)) continue;
      const [before, after] = [this.#shown[from][0], this.#shown[to][0]];
      const dead = NOT_RUN.includes(after) || [...NOT_RUN, "failed"].includes(before);
      edge.classList.toggle("is-dead", dead);
      const taken = DONE.includes(before) && !dead && after !== "pending";
      edge.classList.toggle("is-taken", taken);
    }
  }

  /** Show which node is selected. */
  pick() {
    const selected = this.model.get("selected");
    this.nodes.forEach((node, number) => {
      const on = node.dataset.task === selected;
      if (node.getAttribute("aria-pressed") === String(on)) return;
      node.classList.toggle("is-selected", on);
      node.setAttribute("aria-pressed", on);
      if (on && !holdsFocus(this.element)) this.#move(number);
    });
  }

  /** Put a node into the middle and give it the tab stop. */
  bring(number) {
    if (this.frame.zoom < 0.6) this.frame.scale(0.8);
    this.#move(number);
    this.frame.centre(this.nodes[number]);
  }

  /** Go to a node and select it. */
  take(number) {
    this.#go(number);
    this.choose(this.nodes[number].dataset.task);
  }

  #move(number) {
    this.nodes[this.#here]?.setAttribute("tabindex", "-1");
    this.#here = number;
    this.nodes[number]?.setAttribute("tabindex", "0");
  }

  #go(number) {
    this.#move(number);
    this.nodes[number].focus({ preventScroll: true });
    this.nodes[number].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #key(event) {
    if (!event.target.closest("g.node") || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const here = this.nodes[this.#here].dataset.task;
    if (key === "Enter" || key === " ") this.choose(here);
    else if (key === "Home" || key === "End") this.#go(key === "Home" ? 0 : this.nodes.length - 1);
    else if (key.startsWith("Arrow")) {
      const next = this.#near(key);
      const direction = key.slice(5).toLowerCase();
      if (next === undefined) this.speaker.say([t(`nothing ${direction} of {task}`, { task: here })]);
      else this.#go(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The node that an arrow key leads to: along an edge, or beside. */
  #near(key) {
    this.#centres ??= this.nodes.map((node) => {
      const box = node.getBBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    });
    const [centres, here] = [this.#centres, this.#here];
    const across = this.nodes.length <= 200; // drawn from left to right, not from top to bottom
    const [forth, back] = across ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
    const [x, y] = across ? [0, 1] : [1, 0]; // the axis along the edges, and the one across
    const ahead = (number) => Math.abs(centres[number][x] - centres[here][x]);
    const aside = (number) => centres[number][y] - centres[here][y];
    const least = (numbers, score) => [...numbers].sort((a, b) => score(a) - score(b))[0];
    if (key === forth || key === back) {
      const ends = (key === forth ? this.down : this.up).get(here) ?? [];
      return least(ends, (number) => Math.abs(aside(number)));
    }
    const sign = key === (across ? "ArrowDown" : "ArrowRight") ? 1 : -1;
    const near = (number) => aside(number) * sign > 2 && ahead(number) < 90;
    const beside = [...this.nodes.keys()].filter(near);
    return least(beside, (number) => aside(number) * sign + 4 * ahead(number));
  }
}
