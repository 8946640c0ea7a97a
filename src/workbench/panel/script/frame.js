/** The window onto the drawn graph: zoomed by buttons and wheel, moved by dragging. */
class Frame {
  zoom = 1;
  #size = [1, 1];
  #touched = false;

  constructor(graph) {
    this.graph = graph;
    const zooming = (text, label, act) => button(text, act, { "aria-label": label, title: label });
    this.buttons = make(
      "span",
      { class: "wb-zoom" },
      zooming("−", t("Zoom out"), () => this.#by(1 / 1.3)),
      zooming("+", t("Zoom in"), () => this.#by(1.3)),
      zooming(t("Fit"), t("Fit the graph to the panel"), () => this.#fit()),
    );
    graph.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    graph.addEventListener("pointerdown", (event) => this.#grab(event));
  }

  scale(zoom) {
    this.zoom = Math.min(4, Math.max(0.05, zoom));
    const svg = this.graph.querySelector("svg");
    if (svg) svg.style.width = `${this.#size[0] * this.zoom}px`;
  }

  /** Take up a new drawing; what the reader has zoomed stays zoomed. */
  hold(svg) {
    this.#size = svg.getAttribute("viewBox").split(/\s+/).slice(2).map(Number);
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    const [wide, high] = this.#size;
    const room = parseFloat(getComputedStyle(this.graph).maxHeight) - 8;
    const whole = Math.min(1.15, (this.graph.clientWidth - 8) / wide, room / high);
    this.scale(this.#touched ? this.zoom : Math.max(0.85, whole));
  }

  centre(node) {
    if (!node) return;
    const { graph } = this;
    const [inner, outer] = [node.getBoundingClientRect(), graph.getBoundingClientRect()];
    graph.scrollLeft += inner.left - outer.left - (graph.clientWidth - inner.width) / 2;
    graph.scrollTop += inner.top - outer.top - (graph.clientHeight - inner.height) / 2;
  }

  #fit() {
    const { clientWidth, clientHeight } = this.graph;
    const [wide, high] = this.#size;
    this.#touched = true;
    this.scale(Math.min(1.15, (clientWidth - 8) / wide, Math.max(200, clientHeight - 8) / high));
  }

  #by(factor, x = this.graph.clientWidth / 2, y = this.graph.clientHeight / 2) {
    const { graph, zoom } = this;
    this.#touched = true;
    this.scale(zoom * factor);
    const ratio = this.zoom / zoom;
    graph.scrollLeft = (graph.scrollLeft + x) * ratio - x;
    graph.scrollTop = (graph.scrollTop + y) * ratio - y;
  }

  #turn(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.graph.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.#by(event.deltaY < 0 ? 1.15 : 1 / 1.15, x, y);
  }

  #grab(event) {
    if (event.button || event.target.closest("g.node")) return;
    const { graph } = this;
    const [left, top] = [graph.scrollLeft + event.clientX, graph.scrollTop + event.clientY];
    const move = (next) => {
      graph.scrollLeft = left - next.clientX;
      graph.scrollTop = top - next.clientY;
    };
    const drop = () => {
      graph.classList.remove("is-panned");
      removeEventListener("pointermove", move);
    };
    graph.classList.add("is-panned");
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop, { once: true });
  }
}

/** Finding a task by a part of its name. */
class Search {
  #matches = [];
  #at = 0;

  constructor(drawing) {
    this.drawing = drawing;
    const label = t("Find a task by name");
    this.field = make("input", {
      type: "search",
      placeholder: t("Find a task"),
      "aria-label": label,
    });
    this.count = make("span", { class: "wb-found", role: "status" });
    this.field.addEventListener("input", () => this.#look());
    this.field.addEventListener("keydown", (event) => this.#key(event));
  }

  #look() {
    const { nodes } = this.drawing;
    const wanted = this.field.value.trim().toLowerCase();
    const named = (number) => nodes[number].dataset.task.toLowerCase().includes(wanted);
    this.#matches = wanted ? [...nodes.keys()].filter(named) : [];
    const matching = new Set(this.#matches);
    nodes.forEach((node, number) => node.classList.toggle("is-match", matching.has(number)));
    this.#show(0);
  }

  #show(number) {
    const matches = this.#matches;
    this.#at = (number + matches.length) % matches.length || 0;
    const count = matches.length
      ? t("{number} of {count}", { number: this.#at + 1, count: matches.length })
      : t("none");
    this.count.textContent = this.field.value.trim() ? count : "";
    if (matches.length) this.drawing.bring(matches[this.#at]);
  }

  #key(event) {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const found = this.#matches[this.#at];
    if (step) this.#show(this.#at + step);
    else if (event.key === "Enter" && found !== undefined) this.drawing.take(found);
    else if (event.key === "Escape") {
      this.field.value = "";
      this.#look();
    } else return;
    event.preventDefault();
  }
}
