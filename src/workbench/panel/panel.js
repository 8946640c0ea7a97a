// The graph of a run, laid out once and restyled, above its timeline.
// One tab stop; arrow keys move along edges.
const SPEAK_EVERY = 700; // milliseconds between two announcements
const NAMED_ROWS = 30; // timeline rows that have room for a name
const IDLE = 1; // seconds in which nothing runs before the timeline cuts them out
const NOT_RUN = ["skipped", "upstream_failed"];

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** Pan, zoom and find around the drawn graph. */
function frame(graph) {
  const find = make("input", {
    type: "search",
    placeholder: "Find a task",
    "aria-label": "Find a task by name",
  });
  const found = make("span", { class: "wb-found", role: "status" });
  const button = (text, label) =>
    make("button", { type: "button", "aria-label": label, title: label }, text);
  const [out, into, fit] = [
    button("−", "Zoom out"),
    button("+", "Zoom in"),
    button("Fit", "Fit the graph to the panel"),
  ];
  const bar = make(
    "div",
    { class: "wb-bar" },
    find,
    found,
    make("span", { class: "wb-zoom" }, out, into, fit),
  );
  const view = { bar, find, found, zoom: 1, wide: 1, high: 1 };

  view.size = (zoom) => {
    view.zoom = Math.min(4, Math.max(0.05, zoom));
    const svg = graph.querySelector("svg");
    if (svg) svg.style.width = `${view.wide * view.zoom}px`;
  };
  const fitting = () =>
    Math.min(
      1.15,
      (graph.clientWidth - 8) / view.wide,
      Math.max(200, graph.clientHeight - 8) / view.high,
    );
  view.fresh = (svg) => {
    const [, , wide, high] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
    const grown = view.wide !== 1 && view.touched;
    Object.assign(view, { wide, high });
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    view.size(grown ? view.zoom : Math.max(0.85, Math.min(1.15, (graph.clientWidth - 8) / wide)));
  };
  const zoomBy = (factor, x = graph.clientWidth / 2, y = graph.clientHeight / 2) => {
    const before = view.zoom;
    view.touched = true;
    view.size(before * factor);
    const ratio = view.zoom / before;
    graph.scrollLeft = (graph.scrollLeft + x) * ratio - x;
    graph.scrollTop = (graph.scrollTop + y) * ratio - y;
  };
  out.addEventListener("click", () => zoomBy(1 / 1.3));
  into.addEventListener("click", () => zoomBy(1.3));
  fit.addEventListener("click", () => {
    view.touched = true;
    view.size(fitting());
  });
  graph.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = graph.getBoundingClientRect();
      zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );
  graph.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("g.node")) return;
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
  });
  return view;
}

/**
 * Keep the keyboard where it is while buttons switch off and on.
 *
 * Why: a browser drops the focus of a button that is switched off, so somebody who presses Step by
 * keyboard would begin at the top of the page after every step. The buttons are ipywidgets' own
 * and tell nobody when they are switched; the DOM does. From a button that stays off the focus goes
 * to the first one that can be pressed, and back when its own is on again.
 * When it would fail: if ipywidgets drew its buttons as anything but `button`, switched them off by
 * anything but `disabled`, or made a new element for each state. Then the focus is lost again, and
 * nothing else; the browser test by keyboard alone says so.
 */
function keepFocus(root) {
  const PATIENCE = 400; // milliseconds that a button may be off before the focus moves on
  let lost = null; // the button that the learner pressed
  let lent = null; // the one that has its focus meanwhile
  let timer = 0;
  const note = (event) => {
    if (!event.target.matches("button")) lost = null;
    else if (event.target !== lent) lost = event.target;
  };
  const mend = () => {
    const focused = document.activeElement;
    const ours = [null, document.body, lent, lost].includes(focused) || focused.disabled;
    if (!lost?.isConnected || !ours) return; // the learner has gone elsewhere
    if (!lost.disabled) {
      if (focused !== lost) lost.focus();
      lent = null;
      return;
    }
    const buttons = [...root.querySelectorAll(".wb-toolbar button")];
    const next = buttons.find((button) => !button.disabled);
    if (next && next !== focused) {
      lent = next;
      next.focus();
    }
  };
  const observer = new MutationObserver((changes) => {
    if (!lost || !changes.some((change) => change.target.matches("button"))) return;
    clearTimeout(timer);
    timer = setTimeout(mend, lost.disabled ? PATIENCE : 0);
  });
  root.addEventListener("focusin", note);
  observer.observe(root, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    root.removeEventListener("focusin", note);
  };
}

/**
 * Give the slider over the events what ipywidgets does not: a name for who cannot see it, and an
 * End key that knows the end.
 *
 * Why: ipywidgets draws a slider by noUiSlider, whose handle has no label, and whose End key goes
 * to the maximum it was made with, before there were events. The handle is not there yet when this
 * view is drawn, and is replaced when the slider is, hence the observer.
 * When it would fail: if the handle had another class than `noUi-handle`. Then it has no name again
 * (the browser test with axe says so) and End stops at the first event.
 */
function mendSlider(root, model) {
  const name = () => {
    for (const handle of root.querySelectorAll(".noUi-handle:not([aria-label])"))
      handle.setAttribute("aria-label", "Event");
  };
  const end = (event) => {
    if (event.key !== "End" || !event.target.matches(".noUi-handle")) return;
    event.preventDefault();
    event.stopPropagation();
    model.send({ moment: "now" });
  };
  const observer = new MutationObserver(name);
  observer.observe(root, { subtree: true, childList: true });
  root.addEventListener("keydown", end, true); // before noUiSlider hears it
  name();
  return () => {
    observer.disconnect();
    root.removeEventListener("keydown", end, true);
  };
}

/** The sign of an injected failure, at the upper right of a node. */
function lightning(box) {
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "text");
  const [x, y] = [box.x + box.width - 5, box.y + 5];
  const attributes = { class: "wb-flash", x, y, "font-size": 15 };
  for (const [name, value] of Object.entries(attributes)) mark.setAttribute(name, value);
  mark.textContent = "⚡";
  return mark;
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

/**
 * The timeline: a row for each task, or lanes when there are many. Time in which nothing ran is cut
 * out; positions are fractions of --total, so that growing time moves all bars and touches none.
 */
function timeline(look, choose) {
  const times = make("div", { class: "wb-times", role: "img" });
  const axis = make("div", { class: "wb-axis", "aria-hidden": "true" });
  const rows = new Map(); // task or lane → its row
  const drawn = new Map(); // task#attempt → its bar
  let ticks = "";
  let dense = null;

  /** Seconds since the run began → seconds on the timeline, without the idle ones. */
  const clock = (bars, now) => {
    const cuts = [];
    let reached = -Infinity;
    for (const { start, end } of bars) {
      const first = reached === -Infinity;
      if (start - reached > IDLE) cuts.push([start, first ? start : start - reached - IDLE / 4]);
      reached = Math.max(reached, end ?? now);
    }
    return (at) =>
      cuts.reduce((shifted, [from, length]) => (at >= from ? shifted - length : shifted), at);
  };
  const trackOf = (key, label) => {
    if (!rows.has(key)) {
      const parts = [make("span", { class: "wb-name" }), make("span", { class: "wb-track" })];
      rows.set(key, make("div", { class: "wb-row" }, ...parts));
      times.append(rows.get(key));
    }
    const row = rows.get(key);
    if (row.firstChild.textContent !== label) row.firstChild.textContent = label;
    return row.lastChild;
  };
  /** The first lane that is free again at `start`. */
  const lane = (ends, start, end) => {
    const free = ends.findIndex((ended) => ended <= start);
    const number = free < 0 ? ends.length : free;
    ends[number] = end ?? Infinity;
    return number;
  };
  const barOf = (name, track) => {
    if (!drawn.has(name)) {
      const bar = track.appendChild(make("span"));
      bar.addEventListener("click", () => choose(bar.dataset.node));
      drawn.set(name, bar);
    }
    return drawn.get(name);
  };
  /** What an attempt looks like at the moment that is looked at: not begun, under way, or ended. */
  const seenAt = (until, { start, end, state }, now) => {
    const past = until !== null && start > until;
    const cut = until !== null && !past && (end ?? Infinity) > until;
    return { past, state: cut ? "running" : state, stop: cut ? until : (end ?? now) };
  };
  const scale = (total) => {
    const rough = total / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((base) => base * power).find((size) => size >= rough);
    if (ticks === `${step} ${total}`) return;
    ticks = `${step} ${total}`;
    const marks = Array.from({ length: Math.floor(total / step) + 1 }, (_, number) => {
      const tick = make("span", {}, `${Number((number * step).toPrecision(6))} s`);
      tick.style.left = `${(100 * number * step) / total}%`;
      return tick;
    });
    axis.replaceChildren(...marks);
  };
  const begin = (tasks, many) => {
    const tasksDrawn = [...drawn.keys()].map((name) => name.slice(0, name.lastIndexOf("#")));
    if (many !== dense || tasksDrawn.some((task) => !tasks.has(task))) {
      rows.clear();
      drawn.clear();
      times.replaceChildren();
      dense = many;
    }
    times.classList.toggle("is-dense", many);
  };
  const grow = (rawBars, now, until) => {
    const bars = rawBars
      .map(([node, task, number, start, end, state]) => ({ node, task, number, start, end, state }))
      .sort((one, other) => one.start - other.start);
    const tasks = new Set(bars.map((bar) => bar.task));
    const many = tasks.size > NAMED_ROWS;
    begin(tasks, many);
    const shown = clock(bars, now);
    const ends = [];
    for (const attempt of bars) {
      const { node, task, number, start } = attempt;
      const { past, state, stop } = seenAt(until, attempt, now);
      const row = many ? lane(ends, start, attempt.end) : task;
      const label = many ? `lane ${row + 1}` : `${look[past ? "pending" : state][0]} ${task}`;
      const bar = barOf(`${task}#${number}`, trackOf(row, label));
      const key = [start, stop, shown(start), state, past].join();
      if (bar.key === key) continue;
      bar.key = key;
      bar.dataset.node = node;
      bar.hidden = past;
      bar.className = `wb-attempt state-${state}`;
      bar.style.setProperty("--start", shown(start));
      bar.style.setProperty("--lasted", Math.max(stop - start, 0));
      bar.textContent = look[state][0];
      bar.title = `${task}, attempt ${number}: ${state}, ${(stop - start).toFixed(3)} s`;
    }
    const busy = bars.some((bar) => bar.end === null);
    const last = busy ? [shown(now)] : bars.map((bar) => shown(bar.end));
    const total = Math.max(0.001, ...last);
    times.hidden = axis.hidden = !bars.length;
    const label = `Timeline of ${tasks.size} tasks; the tab Attempts has the figures of one`;
    times.setAttribute("aria-label", label);
    times.style.setProperty("--total", total);
    scale(total);
  };
  return { times, axis, grow };
}

function render({ model, el }) {
  const look = model.get("look");
  const message = make("p", { class: "wb-message", role: "alert" });
  const graph = make("div", { class: "wb-graph" });
  const live = make("div", { class: "wb-live", role: "status", "aria-live": "polite" });
  const why = make(
    "details",
    { class: "wb-why" },
    make("summary", {}, "Why are some buttons grey?"),
    make("ul"),
  );
  const view = frame(graph);
  const choose = (name) => {
    model.set("selected", name);
    model.save_changes();
  };
  const { times, axis, grow } = timeline(look, choose);
  el.classList.add("wb-view");
  el.append(styles(look), message, why, view.bar, graph, live, times, axis);

  let nodes = []; // as they stand in `names`, and so are all numbers of nodes
  let byName = new Map();
  let [down, up] = [new Map(), new Map()]; // node → those that its edges lead to, and come from
  let edges = [];
  let shown = []; // what each node shows: state, ready, mark
  let across = true; // drawn from left to right, not from top to bottom
  let here = 0; // the node that has the tab stop
  let centres = null; // of the nodes, measured when first asked for
  let [waiting, speaking] = [[], 0];

  const speak = (text) => {
    waiting.push(...text);
    if (speaking || !waiting.length) return;
    const say = () => {
      if (!waiting.length) {
        speaking = 0;
        return;
      }
      const extra = waiting.length > 4 ? ` and ${waiting.length - 4} more` : "";
      live.textContent = waiting.slice(-4).join(", ") + extra;
      waiting = [];
      speaking = setTimeout(say, SPEAK_EVERY);
    };
    speaking = setTimeout(say, 50);
  };

  const centre = () => {
    const node = nodes[here]?.getBoundingClientRect();
    const box = graph.getBoundingClientRect();
    if (!node) return;
    graph.scrollLeft += node.left - box.left - (graph.clientWidth - node.width) / 2;
    graph.scrollTop += node.top - box.top - (graph.clientHeight - node.height) / 2;
  };
  const load = () => {
    const focused = graph.contains(document.activeElement)
      ? (model.get("names")[here] ?? nodes[here]?.dataset.task)
      : null;
    const kept = nodes[here]?.dataset.task;
    graph.innerHTML = model.get("svg");
    const names = model.get("names");
    const svg = graph.querySelector("svg");
    [nodes, edges, shown, centres] = [[], [], [], null];
    byName = new Map(names.map((name, number) => [name, number]));
    [down, up] = [new Map(), new Map()];
    if (!svg) {
      const growing = "The tasks appear when the flow runs.";
      const text = names.length ? "This machine cannot lay out a graph." : growing;
      graph.append(make("p", { class: "wb-note" }, text));
      return;
    }
    svg.setAttribute("role", "application");
    svg.setAttribute("aria-roledescription", "pipeline graph");
    svg.setAttribute(
      "aria-label",
      `${names.length} tasks. Arrow keys move along edges and between neighbours, Enter selects.`,
    );
    const numbers = new Map(); // the layout's own name of a node → its number
    for (const node of svg.querySelectorAll("g.node")) {
      const number = Number(node.id.split("-")[1]);
      numbers.set(node.querySelector("title").textContent, number);
      node.querySelector("title").textContent = names[number];
      node.querySelector("a")?.removeAttribute("xlink:title");
      for (const marked of [node, ...node.querySelectorAll("[id]")]) marked.removeAttribute("id");
      node.dataset.task = names[number];
      node.setAttribute("role", "button");
      node.setAttribute("tabindex", "-1");
      const text = node.querySelector("text");
      node.label = [text, text.textContent.slice(text.textContent.indexOf(" ") + 1)];
      nodes[number] = node;
    }
    for (const edge of svg.querySelectorAll("g.edge")) {
      const title = edge.querySelector("title");
      const [from, to] = title.textContent.split("->").map((end) => numbers.get(end));
      title.remove();
      edges.push([edge, from, to]);
      down.set(from, [...(down.get(from) ?? []), to]);
      up.set(to, [...(up.get(to) ?? []), from]);
    }
    for (const extra of svg.querySelectorAll("g.cluster > title, g.graph > title")) extra.remove();
    view.fresh(svg);
    across = names.length <= 200;
    here = byName.get(kept) ?? byName.get(model.get("selected")) ?? 0;
    nodes[here]?.setAttribute("tabindex", "0");
    if (focused) nodes[here]?.focus();
    else centre();
    paint();
    pick();
  };

  const flash = (node, on) => {
    const mark = node.querySelector(".wb-flash");
    if (!on) mark?.remove();
    else if (!mark) node.append(lightning(node.querySelector("path").getBBox()));
  };
  const paint = () => {
    const [states, marks] = [model.get("states"), model.get("marks")];
    const ready = new Set(model.get("ready"));
    const news = [];
    const changed = new Set();
    nodes.forEach((node, number) => {
      const name = node.dataset.task;
      const state = states[number] ?? "pending";
      const now = [state, ready.has(name), marks[name] ?? ""];
      const then = shown[number];
      if (then && now.every((value, index) => value === then[index])) return;
      shown[number] = now;
      if (then?.[0] !== state) {
        if (then) {
          node.classList.remove(`state-${then[0]}`);
          news.push(`${name} ${state.replace("_", " ")}`);
        }
        node.classList.add(`state-${state}`);
        changed.add(number);
      }
      node.classList.toggle("is-ready", now[1]);
      const [text, label] = node.label;
      text.textContent = `${look[state][0]} ${label}`;
      flash(node, now[2].includes("⚡"));
      const mark = now[2].replace("⚡", "injected failure:");
      const parts = [state.replace("_", " "), now[1] && "ready to run", mark];
      const words = parts.filter(Boolean).join(", ");
      node.setAttribute("aria-label", `${name}: ${words}`);
      node.querySelector("title").textContent = `${name}: ${words}`;
    });
    for (const [edge, from, to] of edges) {
      if (!changed.has(from) && !changed.has(to)) continue;
      const [before, after] = [shown[from][0], shown[to][0]];
      const dead = NOT_RUN.includes(after) || [...NOT_RUN, "failed"].includes(before);
      const done = ["success", "cached"].includes(before);
      edge.classList.toggle("is-dead", dead);
      edge.classList.toggle("is-taken", done && !dead && after !== "pending");
    }
    speak(news);
  };

  const pick = () => {
    for (const node of nodes) {
      const on = node.dataset.task === model.get("selected");
      if (node.getAttribute("aria-pressed") === String(on)) continue;
      node.classList.toggle("is-selected", on);
      node.setAttribute("aria-pressed", on);
      if (on && !graph.contains(document.activeElement)) move(byName.get(node.dataset.task));
    }
  };

  const move = (number) => {
    nodes[here]?.setAttribute("tabindex", "-1");
    here = number;
    nodes[here].setAttribute("tabindex", "0");
  };
  const go = (number) => {
    move(number);
    nodes[here].focus({ preventScroll: true });
    nodes[here].scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const near = (key) => {
    centres ??= nodes.map((node) => {
      const box = node.getBBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    });
    const [forth, back] = across ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
    const [x, y] = across ? [0, 1] : [1, 0]; // the axis along the edges, and the one across
    const ahead = (number) => Math.abs(centres[number][x] - centres[here][x]);
    const aside = (number) => centres[number][y] - centres[here][y];
    const least = (numbers, score) => [...numbers].sort((a, b) => score(a) - score(b))[0];
    if (key === forth || key === back) {
      const ends = (key === forth ? down : up).get(here) ?? [];
      return least(ends, (number) => Math.abs(aside(number)));
    }
    const sign = key === (across ? "ArrowDown" : "ArrowRight") ? 1 : -1;
    const beside = [...nodes.keys()].filter(
      (number) => aside(number) * sign > 2 && ahead(number) < 90,
    );
    return least(beside, (number) => aside(number) * sign + 4 * ahead(number));
  };
  graph.addEventListener("click", (event) => {
    const node = event.target.closest("g.node");
    if (node) {
      go(byName.get(node.dataset.task));
      choose(node.dataset.task);
    }
  });
  graph.addEventListener("keydown", (event) => {
    if (!event.target.closest("g.node") || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key === "Enter" || key === " ") choose(nodes[here].dataset.task);
    else if (key === "Home" || key === "End") go(key === "Home" ? 0 : nodes.length - 1);
    else if (key.startsWith("Arrow")) {
      const next = near(key);
      if (next === undefined)
        speak([`nothing ${key.slice(5).toLowerCase()} of ${nodes[here].dataset.task}`]);
      else go(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let matches = [];
  let match = 0;
  const search = (step = 0) => {
    const wanted = view.find.value.trim().toLowerCase();
    if (!step) {
      const named = (number) => nodes[number].dataset.task.toLowerCase().includes(wanted);
      matches = wanted ? [...nodes.keys()].filter(named) : [];
      match = 0;
      nodes.forEach((node, number) => node.classList.toggle("is-match", matches.includes(number)));
    } else if (matches.length) match = (match + step + matches.length) % matches.length;
    const count = matches.length ? `${match + 1} of ${matches.length}` : "none";
    view.found.textContent = wanted ? count : "";
    if (!matches.length) return;
    if (view.zoom < 0.6) view.size(0.8);
    move(matches[match]);
    centre();
  };
  view.find.addEventListener("input", () => search());
  view.find.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      search(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter" && matches.length) {
      event.preventDefault();
      go(matches[match]);
      choose(nodes[here].dataset.task);
    }
    if (event.key === "Escape") {
      view.find.value = "";
      search();
    }
  });

  const explain = () => {
    const reasons = Object.entries(model.get("blocked"));
    why.hidden = !reasons.length;
    why.lastChild.replaceChildren(
      ...reasons.map(([name, reason]) => make("li", {}, make("strong", {}, name), ` — ${reason}`)),
    );
  };
  const tell = () => {
    message.textContent = model.get("message");
    message.hidden = !message.textContent;
  };

  const regrow = () => grow(model.get("bars"), model.get("now"), model.get("until"));

  let frameAsked = 0;
  const soon = () => {
    frameAsked ||= requestAnimationFrame(() => {
      frameAsked = 0;
      paint();
      regrow();
    });
  };
  const reactions = {
    "change:svg": load,
    "change:states": soon,
    "change:ready": soon,
    "change:marks": soon,
    "change:bars": soon,
    "change:now": soon,
    "change:until": soon,
    "change:selected": pick,
    "change:blocked": explain,
    "change:message": tell,
  };
  for (const [name, reaction] of Object.entries(reactions)) model.on(name, reaction);
  explain();
  tell();
  regrow();

  // Sizes are known, and the panel around this view exists, once it stands in the page.
  let undo = () => {};
  const mount = () => {
    const root = el.closest(".wb-panel");
    if (!el.isConnected || !root || !graph.clientWidth) return false;
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "Pipeline panel");
    const mended = [keepFocus(root), mendSlider(root, model)];
    undo = () => mended.forEach((stop) => stop());
    load();
    return true;
  };
  const sized = new ResizeObserver(() => {
    if (mount()) sized.disconnect();
  });
  sized.observe(graph);
  return () => {
    sized.disconnect();
    undo();
    cancelAnimationFrame(frameAsked);
    clearTimeout(speaking);
    for (const [event, reaction] of Object.entries(reactions)) model.off(event, reaction);
  };
}

export default { render };
