/** The drawing in words, for who reads rather than looks; written only while it is open. */
class Twin {
  list = make("ol");

  constructor(drawing, measured) {
    [this.drawing, this.measured] = [drawing, measured];
    this.element = make("details", { class: "wb-twin" }, make("summary", {}, t("In words")), this.list);
    this.element.addEventListener("toggle", () => this.paint());
  }

  paint() {
    if (!this.element.open) return;
    const { nodes, words, up } = this.drawing;
    const name = (number) => nodes[number].dataset.task;
    const lines = nodes.map((_, number) => {
      const upstream = (up.get(number) ?? []).map(name).join(", ");
      const after = upstream && t(" (after {upstream})", { upstream });
      const measured = this.measured(name(number));
      return make("li", {}, `${name(number)}: ${words[number]}${after}${measured && ` – ${measured}`}`);
    });
    this.list.replaceChildren(...lines);
  }
}

/**
 * Show what `model` has in `el`, and keep up with its changes; what the reader does is sent as
 * messages. Give back how to end it. In another language all of it is made anew.
 */
function view(model, el) {
  learn(model, el);
  let end = shown(model, el);
  const again = () => {
    const here = holdsFocus(el);
    end();
    learn(model, el);
    el.replaceChildren();
    end = shown(model, el);
    if (here) el.querySelector(".wb-language select").focus();
  };
  model.on("change:language", again);
  return () => {
    model.off("change:language", again);
    MODELS.delete(model);
    end();
  };
}

function shown(model, el) {
  const speaker = new Speaker();
  const choose = (name) => {
    model.set("selected", name);
    model.send({ select: name });
  };
  const drawing = new Drawing(model, speaker, choose);
  const timeline = new Timeline(model, choose);
  const [toolbar, moments, tabs] = [new Toolbar(model), new Moments(model), new Tabs(model)];
  const figures = new Figures(model, drawing);
  const [title, headline] = [new Title(), new Headline()];
  const twin = new Twin(drawing, (task) => figures.words(task));
  const [search, instance] = [new Search(drawing), new Choice("Instance", model)];
  const [questions, along] = [new Questions(model), new Along(model)];
  const message = make("p", { class: "wb-message", role: "alert" });
  el.classList.add("wb-panel");
  el.append(
    styles(model.get("look")),
    make("div", { class: "wb-head" }, title.element, languages(model)),
    toolbar.element,
    message,
    toolbar.why,
    make("div", { class: "wb-bar" }, search.field, search.count, drawing.frame.buttons,
      figures.button),
    questions.element,
    drawing.element,
    figures.note,
    speaker.element,
    moments.element,
    timeline.element,
    timeline.axis,
    along.element,
    make("div", { class: "wb-chosen" }, headline.element, instance.element),
    tabs.list,
    tabs.panel,
    twin.element,
  );
  let asked = 0;
  const soon = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      for (const part of [drawing, twin, timeline]) part.paint();
    });
  };
  const offer = () => {
    toolbar.offer();
    instance.update(model.get("choices").Instance);
  };
  const hold = () => {
    offer();
    moments.paint();
    along.hold(model.get("held"));
    if (model.get("content").fork) tabs.paint();
  };
  const tell = () => {
    message.textContent = t(model.get("message"));
    message.hidden = !message.textContent;
  };
  const measure = () => {
    figures.paint();
    twin.paint();
  };
  const load = () => {
    drawing.load();
    measure();
  };
  const entitle = () => {
    const { note } = model.get("title");
    if (/^[‖?]/.test(note) && note !== noted) speaker.say([t(note)]);
    noted = note;
    title.update(model.get("title"));
  };
  let noted = "";
  const head = () => headline.update(model.get("headline"), model.get("look"));
  const steer = () => toolbar.paint();
  const open = () => tabs.paint();
  const reactions = [
    [load, "svg"],
    [soon, "states", "ready", "marks", "bars", "now", "until"],
    [() => drawing.pick(), "selected"],
    [entitle, "title"],
    [steer, "blocked", "captions"],
    [offer, "choices"],
    [hold, "held"],
    [() => moments.paint(), "moment"],
    [head, "headline"],
    [open, "content"],
    [() => questions.paint(), "questions"],
    [() => along.paint(), "watches", "moment"],
    [measure, "measures"],
    [() => tabs.mark(), "tab"],
    [tell, "message"],
  ].flatMap(([react, ...traits]) => traits.map((trait) => [`change:${trait}`, react]));
  for (const [event, react] of reactions) model.on(event, react);
  for (const react of [entitle, steer, hold, head, open, tell, () => questions.paint(), () => along.paint()]) react();
  timeline.paint();

  // Sizes are known once this stands in the page.
  const sized = new ResizeObserver(() => {
    if (!el.isConnected || !drawing.element.clientWidth) return;
    sized.disconnect();
    load();
  });
  sized.observe(drawing.element);
  return () => {
    sized.disconnect();
    cancelAnimationFrame(asked);
    speaker.stop();
    for (const [event, react] of reactions) model.off(event, react);
  };
}
