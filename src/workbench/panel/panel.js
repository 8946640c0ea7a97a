// The graph of a run, laid out once and restyled, above its timeline. One tab stop; arrow keys move along edges.
const SPEAK_EVERY = 700; // milliseconds between two announcements
const NAMED_ROWS = 30; // timeline rows that have room for a name
const IDLE = 1; // seconds in which nothing runs before the timeline cuts them out

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** Pan, zoom and find around the drawn graph. */
function frame(graph) {
  const find = make("input", { type: "search", placeholder: "Find a task", "aria-label": "Find a task by name" });
  const found = make("span", { class: "wb-found", role: "status" });
  const button = (text, label) => make("button", { type: "button", "aria-label": label, title: label }, text);
  const [out, into, fit] = [button("−", "Zoom out"), button("+", "Zoom in"), button("Fit", "Fit the graph to the panel")];
  const bar = make("div", { class: "wb-bar" }, find, found, make("span", { class: "wb-zoom" }, out, into, fit));
  const view = { bar, find, found, zoom: 1, wide: 1, high: 1 };

  view.size = (zoom) => {
    view.zoom = Math.min(4, Math.max(0.05, zoom));
    const svg = graph.querySelector("svg");
    if (svg) svg.style.width = `${view.wide * view.zoom}px`;
  };
  const fitting = () => Math.min(1.15, (graph.clientWidth - 8) / view.wide, Math.max(200, graph.clientHeight - 8) / view.high);
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
  fit.addEventListener("click", () => { view.touched = true; view.size(fitting()); });
  graph.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = graph.getBoundingClientRect();
    zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  graph.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("g.node")) return;
    const [left, top] = [graph.scrollLeft + event.clientX, graph.scrollTop + event.clientY];
    const move = (next) => { graph.scrollLeft = left - next.clientX; graph.scrollTop = top - next.clientY; };
    const drop = () => { graph.classList.remove("is-panned"); removeEventListener("pointermove", move); };
    graph.classList.add("is-panned");
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop, { once: true });
  });
  return view;
}

/** Keep the keyboard where it is while buttons switch off and on: to what can be pressed, and back again. */
function keepFocus(root) {
  let lost = null, given = null, timer = 0;
  const note = (event) => { if (event.target.matches("button")) { if (event.target !== given) lost = event.target; } else lost = null; };
  const mend = () => {
    const here = document.activeElement;
    const free = !here || here === document.body || here === given || here === lost || here.disabled;
    if (!lost?.isConnected || !free) return;
    if (!lost.disabled) { if (here !== lost) lost.focus(); given = null; return; }
    const next = [...root.querySelectorAll(".wb-toolbar button")].find((button) => !button.disabled);
    if (next && next !== here) { given = next; next.focus(); }
  };
  const observer = new MutationObserver((changes) => {
    if (lost && changes.some((change) => change.target.matches("button"))) { clearTimeout(timer); timer = setTimeout(mend, lost.disabled ? 400 : 0); }
  });
  root.addEventListener("focusin", note);
  observer.observe(root, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  return () => { clearTimeout(timer); observer.disconnect(); root.removeEventListener("focusin", note); };
}

function render({ model, el }) {
  const look = model.get("look");
  const message = make("p", { class: "wb-message", role: "alert" });
  const graph = make("div", { class: "wb-graph" });
  const live = make("div", { class: "wb-live", role: "status", "aria-live": "polite" });
  const times = make("div", { class: "wb-times" });
  const axis = make("div", { class: "wb-axis", "aria-hidden": "true" });
  const why = make("details", { class: "wb-why" }, make("summary", {}, "Why are some buttons grey?"), make("ul"));
  const view = frame(graph);
  const style = make("style", {}, Object.entries(look).map(([state, [, fill, border]]) => {
    const dash = { dashed: "5 3", dotted: "1.5 3" }[border] ?? "none";
    const paint = state === "pending" ? "var(--wb-paper)" : fill;
    const ink = state === "pending" ? "var(--wb-ink)" : "#000";
    return `.wb-panel .state-${state}{--fill:${paint};--text:${ink};--dash:${dash};--stroke:${border === "bold" ? 2.4 : 1.1}px;` +
      `--border:${border === "bold" ? "solid" : border}}`;
  }).join("\n"));
  el.classList.add("wb-view");
  el.append(style, message, why, view.bar, graph, live, times, axis);

  let nodes = [], byName = new Map(), down = new Map(), up = new Map(), edges = [], shown = [], across = true, here = 0;
  let centres = null, waiting = [], speaking = 0;

  const speak = (text) => {
    waiting.push(...text);
    if (speaking || !waiting.length) return;
    const say = () => {
      if (!waiting.length) { speaking = 0; return; }
      const extra = waiting.length > 4 ? ` and ${waiting.length - 4} more` : "";
      live.textContent = waiting.slice(-4).join(", ") + extra;
      waiting = [];
      speaking = setTimeout(say, SPEAK_EVERY);
    };
    speaking = setTimeout(say, 50);
  };

  const centre = () => {
    const node = nodes[here]?.getBoundingClientRect(), box = graph.getBoundingClientRect();
    if (!node) return;
    graph.scrollLeft += node.left - box.left - (graph.clientWidth - node.width) / 2;
    graph.scrollTop += node.top - box.top - (graph.clientHeight - node.height) / 2;
  };
  const load = () => {
    const focused = graph.contains(document.activeElement) ? model.get("names")[here] ?? nodes[here]?.dataset.task : null;
    const kept = nodes[here]?.dataset.task;
    graph.innerHTML = model.get("svg");
    const names = model.get("names"), svg = graph.querySelector("svg");
    nodes = []; edges = []; shown = []; centres = null;
    byName = new Map(names.map((name, number) => [name, number]));
    down = new Map(); up = new Map();
    if (!svg) {
      graph.append(make("p", { class: "wb-note" }, names.length ? "This machine cannot lay out a graph." : "The tasks appear when the flow runs."));
      return;
    }
    svg.setAttribute("role", "application");
    svg.setAttribute("aria-roledescription", "pipeline graph");
    svg.setAttribute("aria-label", `${names.length} tasks. Arrow keys move along edges and between neighbours, Enter selects.`);
    const place = new Map();
    for (const node of svg.querySelectorAll("g.node")) {
      const number = Number(node.id.split("-")[1]);
      place.set(node.querySelector("title").textContent, number);
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
      const [from, to] = edge.querySelector("title").textContent.split("->").map((end) => place.get(end));
      edge.querySelector("title").remove();
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
    paint(); pick();
  };

  const flash = (node, on) => {
    const there = node.querySelector(".wb-flash");
    if (Boolean(there) === on) return;
    if (there) { there.remove(); return; }
    const box = node.querySelector("path").getBBox(), mark = document.createElementNS("http://www.w3.org/2000/svg", "text");
    for (const [key, value] of Object.entries({ class: "wb-flash", x: box.x + box.width - 5, y: box.y + 5, "font-size": 15 })) mark.setAttribute(key, value);
    mark.textContent = "⚡";
    node.append(mark);
  };
  const paint = () => {
    const states = model.get("states"), ready = new Set(model.get("ready")), marks = model.get("marks"), said = [];
    const changed = new Set();
    nodes.forEach((node, number) => {
      const name = node.dataset.task, state = states[number] ?? "pending";
      const now = [state, ready.has(name), marks[name] ?? ""], then = shown[number];
      if (then && then[0] === now[0] && then[1] === now[1] && then[2] === now[2]) return;
      shown[number] = now;
      if (then?.[0] !== state) {
        if (then) { node.classList.remove(`state-${then[0]}`); said.push(`${name} ${state.replace("_", " ")}`); }
        node.classList.add(`state-${state}`);
        changed.add(number);
      }
      node.classList.toggle("is-ready", now[1]);
      const [text, label] = node.label;
      text.textContent = `${look[state][0]} ${label}`;
      flash(node, now[2].includes("⚡"));
      const words = [state.replace("_", " "), now[1] && "ready to run", now[2].replace("⚡", "injected failure:")].filter(Boolean).join(", ");
      node.setAttribute("aria-label", `${name}: ${words}`);
      node.querySelector("title").textContent = `${name}: ${words}`;
    });
    for (const [edge, from, to] of edges) {
      if (!changed.has(from) && !changed.has(to)) continue;
      const [before, after] = [shown[from][0], shown[to][0]];
      const dead = ["skipped", "upstream_failed"].includes(after) || ["skipped", "failed", "upstream_failed"].includes(before);
      edge.classList.toggle("is-dead", dead);
      edge.classList.toggle("is-taken", !dead && ["success", "cached"].includes(before) && after !== "pending");
    }
    speak(said);
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
  const choose = (name) => { model.set("selected", name); model.save_changes(); };

  const near = (key) => {
    centres ??= nodes.map((node) => { const box = node.getBBox(); return [box.x + box.width / 2, box.y + box.height / 2]; });
    const [forth, back] = across ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
    const [x, y] = across ? [0, 1] : [1, 0], [mine, far] = [centres[here], (number) => centres[number]];
    if (key === forth || key === back) {
      const ends = (key === forth ? down : up).get(here) ?? [];
      return [...ends].sort((a, b) => Math.abs(far(a)[y] - mine[y]) - Math.abs(far(b)[y] - mine[y]))[0];
    }
    const sign = key === (across ? "ArrowDown" : "ArrowRight") ? 1 : -1;
    const score = (number) => (far(number)[y] - mine[y]) * sign + 4 * Math.abs(far(number)[x] - mine[x]);
    const beside = nodes.map((_, number) => number).filter((number) => (far(number)[y] - mine[y]) * sign > 2 && Math.abs(far(number)[x] - mine[x]) < 90);
    return beside.sort((a, b) => score(a) - score(b))[0];
  };
  graph.addEventListener("click", (event) => {
    const node = event.target.closest("g.node");
    if (node) { go(byName.get(node.dataset.task)); choose(node.dataset.task); }
  });
  graph.addEventListener("keydown", (event) => {
    if (!event.target.closest("g.node") || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key === "Enter" || key === " ") choose(nodes[here].dataset.task);
    else if (key === "Home" || key === "End") go(key === "Home" ? 0 : nodes.length - 1);
    else if (key.startsWith("Arrow")) {
      const next = near(key);
      if (next === undefined) speak([`nothing ${key.slice(5).toLowerCase()} of ${nodes[here].dataset.task}`]);
      else go(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let matches = [], match = 0;
  const search = (step = 0) => {
    const wanted = view.find.value.trim().toLowerCase();
    if (!step) {
      matches = wanted ? nodes.map((_, number) => number).filter((number) => nodes[number].dataset.task.toLowerCase().includes(wanted)) : [];
      match = 0;
      nodes.forEach((node, number) => node.classList.toggle("is-match", matches.includes(number)));
    } else if (matches.length) match = (match + step + matches.length) % matches.length;
    view.found.textContent = wanted ? (matches.length ? `${match + 1} of ${matches.length}` : "none") : "";
    if (!matches.length) return;
    if (view.zoom < 0.6) view.size(0.8);
    move(matches[match]);
    centre();
  };
  view.find.addEventListener("input", () => search());
  view.find.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); search(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Enter" && matches.length) { event.preventDefault(); go(matches[match]); choose(nodes[here].dataset.task); }
    if (event.key === "Escape") { view.find.value = ""; search(); }
  });

  // The timeline: a row for each task, or lanes when there are many. Time in which nothing ran is cut out; places are
  // fractions of --total, so that growing time moves every bar without touching it.
  const rows = new Map(), drawn = new Map();
  let ticks = "", dense = null;
  const clock = (bars, now) => {
    const cuts = [];
    let reached = -Infinity;
    for (const { start, end } of bars) {
      if (start - reached > IDLE) cuts.push([start, reached === -Infinity ? start : start - reached - IDLE / 4]);
      reached = Math.max(reached, end ?? now);
    }
    return (at) => cuts.reduce((shifted, [from, length]) => (at >= from ? shifted - length : shifted), at);
  };
  const rowOf = (key, label) => {
    if (!rows.has(key)) {
      rows.set(key, make("div", { class: "wb-row" }, make("span", { class: "wb-name" }), make("span", { class: "wb-track" })));
      times.append(rows.get(key));
    }
    const row = rows.get(key);
    if (row.firstChild.textContent !== label) row.firstChild.textContent = label;
    return row.lastChild;
  };
  const lane = (ends, start, end) => {
    let place = ends.findIndex((free) => free <= start);
    if (place < 0) place = ends.length;
    ends[place] = end ?? Infinity;
    return place;
  };
  const grow = () => {
    const now = model.get("now"), until = model.get("until");
    const bars = model.get("bars").map(([node, task, number, start, end, state]) => ({ node, task, number, start, end, state }));
    bars.sort((one, other) => one.start - other.start);
    const tasks = new Set(bars.map((bar) => bar.task)), many = tasks.size > NAMED_ROWS;
    const gone = [...drawn.keys()].some((key) => !tasks.has(key.slice(0, key.lastIndexOf("#"))));
    if (many !== dense || gone) { rows.clear(); drawn.clear(); times.replaceChildren(); dense = many; }
    times.classList.toggle("is-dense", many);
    const shown = clock(bars, now), ends = [], latest = Math.max(shown(now), 0.001);
    const last = Math.max(0.001, ...bars.map((bar) => shown(bar.end ?? now)));
    for (const { node, task, number, start, end, state } of bars) {
      const past = until !== null && start > until, cut = until !== null && (end ?? until) >= until && !past && (end ?? Infinity) > until;
      const looks = cut ? "running" : state, stop = cut ? until : end ?? now;
      const place = many ? lane(ends, start, end) : task;
      const track = rowOf(place, many ? `lane ${place + 1}` : `${look[past ? "pending" : looks][0]} ${task}`);
      const name = `${task}#${number}`, key = [start, stop, shown(start), looks, past].join();
      if (!drawn.has(name)) {
        drawn.set(name, track.appendChild(make("span")));
        drawn.get(name).addEventListener("click", () => choose(drawn.get(name).dataset.node));
      }
      const bar = drawn.get(name);
      if (bar.key === key) continue;
      bar.key = key;
      bar.dataset.node = node;
      bar.hidden = past;
      bar.className = `wb-attempt state-${looks}`;
      bar.style.setProperty("--start", shown(start));
      bar.style.setProperty("--lasted", Math.max(stop - start, 0));
      bar.textContent = look[looks][0];
      bar.title = `${task}, attempt ${number}: ${looks}, ${(stop - start).toFixed(3)} s`;
    }
    const busy = bars.some((bar) => bar.end === null), total = busy ? latest : last;
    times.hidden = axis.hidden = !bars.length;
    times.setAttribute("role", "img");
    times.setAttribute("aria-label", `Timeline of ${tasks.size} tasks; the tab Attempts has the figures of one`);
    times.style.setProperty("--total", total);
    const rough = total / 5, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((base) => base * power).find((size) => size >= rough);
    if (ticks !== `${step} ${total}`) {
      ticks = `${step} ${total}`;
      axis.replaceChildren(...Array.from({ length: Math.floor(total / step) + 1 }, (_, number) => {
        const tick = make("span", {}, `${Number((number * step).toPrecision(6))} s`);
        tick.style.left = `${(100 * number * step) / total}%`;
        return tick;
      }));
    }
  };

  const explain = () => {
    const reasons = Object.entries(model.get("blocked"));
    why.hidden = !reasons.length;
    why.lastChild.replaceChildren(...reasons.map(([name, reason]) => make("li", {}, make("strong", {}, name), ` — ${reason}`)));
  };
  const tell = () => { message.textContent = model.get("message"); message.hidden = !message.textContent; };

  let frameAsked = 0;
  const soon = () => { frameAsked ||= requestAnimationFrame(() => { frameAsked = 0; paint(); grow(); }); };
  const reactions = {
    "change:svg": () => { load(); }, "change:states": soon, "change:ready": soon, "change:marks": soon, "change:bars": soon,
    "change:now": soon, "change:until": soon, "change:selected": pick, "change:blocked": explain, "change:message": tell,
  };
  for (const [name, reaction] of Object.entries(reactions)) model.on(name, reaction);
  explain(); tell(); grow();

  // Sizes are known, and the panel around this view exists, once it stands in the page.
  let undo = () => {};
  const name = (root) => root.querySelectorAll(".noUi-handle:not([aria-label])").forEach((handle) => handle.setAttribute("aria-label", "Event"));
  const mount = () => {
    const root = el.closest(".wb-panel");
    if (!el.isConnected || !root || !graph.clientWidth) return false;
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "Pipeline panel");
    const named = new MutationObserver(() => name(root));
    named.observe(root, { subtree: true, childList: true });
    name(root);
    const unfocus = keepFocus(root);
    // The slider's own End key goes to the end it was made with, before there were events.
    const end = (event) => {
      if (event.key !== "End" || !event.target.matches(".noUi-handle")) return;
      event.preventDefault();
      event.stopPropagation();
      model.send({ moment: "now" });
    };
    root.addEventListener("keydown", end, true);
    undo = () => { named.disconnect(); unfocus(); root.removeEventListener("keydown", end, true); };
    load();
    return true;
  };
  const sized = new ResizeObserver(() => { if (mount()) sized.disconnect(); });
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
