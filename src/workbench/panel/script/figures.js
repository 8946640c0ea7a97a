/** Shares of time, attempts, the longest path, and how much goes along the edges; on demand. */
class Figures {
  note = make("p", { class: "wb-note wb-measured" });
  #drawn = []; // what stands in the drawing for it

  constructor(model, drawing) {
    [this.model, this.drawing] = [model, drawing];
    const title = t("Share of time, attempts, longest path, and what goes from task to task");
    const turn = () => model.send({ measure: !this.on });
    this.button = button(t("Figures"), turn, { class: "wb-figures", title });
  }

  get on() {
    return Boolean(this.model.get("measures").nodes);
  }

  paint() {
    const { on } = this;
    for (const made of this.#drawn.splice(0)) made.remove();
    this.button.setAttribute("aria-pressed", String(on));
    this.note.hidden = !on;
    const { nodes = {}, path = [], seconds, edges = [] } = this.model.get("measures");
    this.#trace(path);
    if (!on) return;
    const names = path.join(" → ") || "–";
    this.note.textContent = t("Longest path: {names}, {seconds} s", { names, seconds: seconds.toFixed(2) });
    const given = new Map(edges.map(([up, , text]) => [up, text]));
    for (const node of this.drawing.nodes) {
      const { task } = node.dataset;
      this.#letter(node, nodes[task], given.get(task));
    }
  }

  /** Below a node, where an edge may be too short for it: its time, attempts, what it gives. */
  #letter(node, figures, given) {
    if (!figures) return;
    const box = node.querySelector("path").getBBox();
    const [percent, attempts] = figures;
    const tried = attempts > 1 && `${attempts}×`;
    const text = [`${percent} %`, tried, given && `${given} →`].filter(Boolean).join(" · ");
    const made = lettering("wb-figure", box.x + box.width / 2, box.y + box.height + 10, text);
    this.#drawn.push(node.appendChild(made));
  }

  /** Mark the nodes and edges of a path. */
  #trace(path) {
    const place = new Map(path.map((task, number) => [task, number]));
    const { nodes, edges } = this.drawing;
    const at = (number) => place.get(nodes[number].dataset.task);
    nodes.forEach((node, number) => node.classList.toggle("is-longest", at(number) !== undefined));
    for (const [edge, from, to] of edges) edge.classList.toggle("is-longest", at(to) === at(from) + 1);
  }

  /** The figures of a task in words; nothing where none are shown. */
  words(task) {
    const { nodes = {}, path = [], edges = [] } = this.model.get("measures");
    if (!nodes[task]) return "";
    const [percent, attempts] = nodes[task];
    const given = edges.filter(([up]) => up === task).map(([, down, text]) => `${text} → ${down}`);
    return [
      t("{percent} % of the time", { percent }),
      attempts > 1 && t("{count} attempts", { count: attempts }),
      path.includes(task) && t("on the longest path"),
      ...given,
    ].filter(Boolean).join(", ");
  }
}
