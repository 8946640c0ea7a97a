// The words of the interface in the reader's language. The kernel and the record speak English;
// what they say is put into other words here, sentences with names in them by their patterns.
const MODELS = new Set(); // every view of a page speaks the same language
const OF_OURS = ["state", "kind", "who", "moment"]; // placeholders whose values are words of ours
const NUMBER = "[\\d.]+";
const SHAPES = {
  ...Object.fromEntries(
    ["seq", "last", "at", "number", "count", "done", "total", "score", "most"].map((name) => [name, NUMBER]),
  ),
  sign: "\\S",
  state: "\\w+",
  kind: "\\w+",
};
let words = new Map();
let patterns = [];

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** The text in the reader's language; English where there is none. */
function t(text, values = null) {
  if (values) return filled(words.get(text) ?? text, values);
  if (!text || words.has(text)) return words.get(text) || text;
  for (const [pattern, other] of patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const taken = Object.entries(match.groups);
    const ours = ([name, value]) => [name, OF_OURS.includes(name) ? t(value) : value];
    return filled(other, Object.fromEntries(taken.map(ours)));
  }
  return text;
}

/** A sentence with placeholders, as what finds it and takes the names out. */
function pattern(sentence) {
  const literal = sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const part = (_, name) => `(?<${name}>${SHAPES[name] ?? ".+?"})`;
  return new RegExp(`^${literal.replace(/\{(\w+)\}/g, part)}$`, "s");
}

/** Speak the language of the model from now on. */
function learn(model, el) {
  MODELS.add(model);
  const language = model.get("language");
  el.lang = language;
  words = new Map(Object.entries(model.get("words")[language] ?? {}));
  const open = [...words].filter(([sentence]) => sentence.includes("{"));
  open.sort(([one], [other]) => other.length - one.length); // what says more is looked for first
  patterns = open.map(([sentence, other]) => [pattern(sentence), other]);
}

/** Every view of the page speaks this language from now on. */
function speakAll(language) {
  for (const model of MODELS) model.set("language", language);
}

/** What the reader chooses the language by. */
function languages(model) {
  const names = Object.entries(model.get("languages"));
  const options = names.map(([code, name]) => make("option", { value: code, lang: code }, name));
  const select = make("select", { "aria-label": t("Language") }, ...options);
  select.value = model.get("language");
  select.addEventListener("change", () => speakAll(select.value));
  const label = make("label", { class: "wb-choice wb-language" }, select);
  label.hidden = names.length < 2;
  return label;
}
