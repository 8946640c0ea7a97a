"use strict";
const at = (id) => document.getElementById(id);
const make = (tag, text = "", name = "") => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
};

let questions = []; // those that were open when the page was opened; done: by now decided
let answers = []; // [problem, learner, name]
let place = -1; // among the questions, -1 when an answer was looked up
let shown = null; // the answer as the server tells it
let chosen = 0; // which of its criteria

const ask = async (path, body) => {
  const given = { method: "POST", headers: { "Content-Type": "application/json" } };
  try {
    const response = await fetch(path, body ? { ...given, body: JSON.stringify(body) } : {});
    const content = await response.json();
    if (content.error) throw new Error(content.error);
    return content;
  } catch (error) {
    const gone = error instanceof TypeError;
    say(gone ? "workbench review has ended; nothing more is written" : error.message, true);
    throw error;
  }
};
const say = (text, wrong = false) => {
  at("status").textContent = text;
  at("status").classList.toggle("wrong", wrong);
};

// The sentence in doubt, wherever the lines of the text break.
const marked = (text, sentence) => {
  const words = sentence.split(/\s+/).filter(Boolean);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = words.length ? new RegExp(escaped.join("\\s+")).exec(text) : null;
  if (!found) return [text];
  const end = found.index + found[0].length;
  return [text.slice(0, found.index), make("mark", found[0]), text.slice(end)];
};

const draw = () => {
  const mark = shown.marks[chosen];
  at("judgement").hidden = false;
  at("asked").textContent = shown.problem;
  const others = place >= 0 ? mark.others : [];
  const several = others.length ? `, and ${others.length} with the same text: ${others.join(", ")}` : "";
  at("who").textContent = `${shown.learner}${several}`;
  at("criteria").replaceChildren(...shown.marks.map((one, number) => {
    const button = make("button");
    button.type = "button";
    button.append(make("span", one.sign, one.kind), ` ${one.title} `);
    button.append(make("small", `${one.stretch ? "stretch, " : ""}${one.word}`));
    if (number === chosen) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => choose(number));
    const line = make("li");
    line.append(button);
    return line;
  }));
  at("understood").textContent = mark.understood || shown.note || "Nothing is said about it.";
  at("decided").textContent = mark.decided ? `Decided by ${mark.decided}` : "";
  at("comment").value = mark.comment;
  const parts = [...shown.texts].sort(([one], [other]) => (other === mark.part) - (one === mark.part));
  at("text").replaceChildren(...parts.flatMap(([part, title, text]) => {
    const body = make("pre", "", part === "prose" ? "prose" : "");
    body.append(...marked(text, mark.sentence));
    return [make("h3", title), body];
  }), make("p", shown.path, "soft"));
  at("text").querySelector("mark")?.scrollIntoView({ block: "center" });
  count();
};
const count = () => {
  const left = questions.filter((one) => !one.done).length;
  const where = place >= 0 && questions.length ? `Question ${place + 1} of ${questions.length}. ` : "";
  at("count").textContent = where + (left ? `${left} to decide.` : "Nothing is left to decide.");
};
const choose = (number) => {
  chosen = (number + shown.marks.length) % shown.marks.length;
  draw();
};
const open = async (number, criterion) => {
  if (shown?.number !== number) shown = await ask(`answers/${number}`);
  chosen = Math.max(0, shown.marks.findIndex((mark) => mark.id === criterion));
  draw();
};
const question = async (number) => {
  if (!questions.length) return;
  place = (number + questions.length) % questions.length;
  await open(questions[place].answer, questions[place].criterion);
};

// What is decided for one text is decided for the questions about it.
const update = () => {
  const kinds = new Map(shown.marks.map((mark) => [mark.id, mark.decided !== ""]));
  for (const one of questions) if (one.answer === shown.number) one.done = kinds.get(one.criterion);
};
const decide = async (outcome, rest) => {
  const mark = shown.marks[chosen];
  const open = shown.marks.filter((one) => one.kind === "open").map((one) => one.id);
  const criteria = rest ? open : [mark.id];
  if (!criteria.length) return say("Nothing of this answer is open.");
  const comment = outcome ? at("comment").value : "";
  const body = { answer: shown.number, criteria, outcome, comment, all: place >= 0 };
  shown = await ask("decisions", body);
  update();
  const word = { passed: "passed", failed: "not yet", "": "taken back" }[outcome];
  const told = rest ? `${criteria.length} criteria: ${word}` : `${mark.title}: ${word}`;
  const next = outcome && place >= 0 ? following() : -1;
  if (next >= 0) await question(next);
  else draw();
  say(told);
};
const following = () => {
  const order = questions.map((_, step) => (place + 1 + step) % questions.length);
  return order.find((number) => !questions[number].done) ?? -1;
};

const found = () => {
  const wanted = at("find").value.trim().toLowerCase();
  const fitting = answers
    .map((names, number) => [names.join(" ").toLowerCase(), number])
    .filter(([text]) => wanted && wanted.split(/\s+/).every((word) => text.includes(word)));
  at("results").hidden = !wanted;
  at("found").replaceChildren(...fitting.slice(0, 12).map(([, number]) => {
    const [problem, learner, name] = answers[number];
    const button = make("button", `${name && name !== learner ? `${name} (${learner})` : learner} · ${problem}`);
    button.type = "button";
    button.addEventListener("click", () => look(number));
    const line = make("li");
    line.append(button);
    return line;
  }), make("li", fitting.length > 12 ? `and ${fitting.length - 12} more` : fitting.length ? "" : "nobody"));
};
const look = async (number) => {
  place = -1;
  await open(number, "");
  at("find").value = "";
  found();
  at("text").focus();
};

const KEYS = {
  y: () => decide("passed"), n: () => decide("failed"), u: () => decide(""),
  Y: () => decide("passed", true), N: () => decide("failed", true),
  c: () => at("comment").focus(), "/": () => at("find").focus(),
  ArrowRight: () => question(place + 1), ArrowLeft: () => question(place < 0 ? 0 : place - 1),
  ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1),
};
addEventListener("keydown", (event) => {
  const inField = event.target.matches("input, textarea");
  if (event.key === "Escape" && inField) {
    if (event.target === at("find")) { at("find").value = ""; found(); }
    event.target.blur();
  } else if (event.key === "Enter" && event.target === at("find")) at("found").querySelector("button")?.click();
  else if (!inField && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key]) {
    if (!shown && event.key !== "/") return;
    event.preventDefault();
    KEYS[event.key]();
  }
});
for (const button of document.querySelectorAll("button[data-key]")) {
  button.addEventListener("click", () => KEYS[button.dataset.key]());
}
at("find").addEventListener("input", found);

(async () => {
  ({ questions, answers } = await ask("questions"));
  if (questions.length) await question(0);
  else {
    at("text").append(make("p", "Nothing is left to decide. Any answer can be found by its learner, and decided otherwise."));
    count();
  }
})();
