// The language around the lessons: chosen once, for every page of the site and its players.
const chosen = () => localStorage.getItem("language") ?? "en";
const t = (text) => WORDS[chosen()]?.[text] ?? text;
const filled = (text, values) => t(text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
const SPOKEN = ["aria-label", "title", "placeholder", "data-bs-original-title"];
const LESSON = "pre, code, article :not(.site-player, .site-predict, .admonition, summary, .prev-next-area) > :where(p, li, td)";
const english = new Map(); // a text node or an attribute → what it said at first

function tell(key, text, put) {
  if (!english.has(key)) english.set(key, text);
  const first = english.get(key).trim();
  if (first in (WORDS.de ?? {})) put(english.get(key).replace(first, t(first)));
}

/** Put what stands around the lesson into the language; in English as it was. */
function speak() {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.closest(`script, style, ${LESSON}`))
      tell(node, node.data, (text) => (node.data = text));
  }
  for (const name of SPOKEN)
    for (const el of document.querySelectorAll(`[${name}]`))
      tell(el.getAttributeNode(name), el.getAttribute(name), (text) => el.setAttribute(name, text));
  for (const select of document.querySelectorAll(".site-language select")) {
    select.value = chosen();
    select.lang = chosen();
  }
  if (chosen() in WORDS) Documentation.addTranslations({ messages: WORDS[chosen()] });
  frames.forEach(dress);
}

function choose(language) {
  if (language === chosen()) return;
  localStorage.setItem("language", language);
  speak();
}

for (const select of document.querySelectorAll(".site-language select")) {
  for (const [code, name] of Object.entries(LANGUAGES)) {
    const option = new Option(name, code);
    option.lang = code;
    select.add(option);
  }
  select.addEventListener("change", () => choose(select.value));
}

// A player says how much room it needs, and is told whether the page is dark, and the language.
const frames = [...document.querySelectorAll(".site-player iframe")];
const dress = ({ contentWindow }) => {
  const dark = document.documentElement.dataset.theme === "dark";
  contentWindow.postMessage({ dark, language: chosen() }, "*");
};
addEventListener("message", ({ source, data }) => {
  const frame = frames.find(({ contentWindow }) => contentWindow === source);
  if (!frame) return;
  if (data.language in LANGUAGES) choose(data.language);
  if (!(data.height > 0)) return;
  frame.style.height = `${data.height + 2}px`;
  if (!frame.dataset.dressed) dress(frame);
  frame.dataset.dressed = "";
});
const themed = new MutationObserver(() => frames.forEach(dress));
themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });

// A prediction is compared on the page: how each task ended, and when, stands beside its choice.
for (const form of document.querySelectorAll(".site-predict")) {
  const verdict = form.querySelector("[role=status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const choices = [...form.querySelectorAll("select")];
    const open = choices.find((choice) => !choice.value);
    if (open) {
      verdict.textContent = t("✎ Choose a state for each task.");
      open.focus();
      return;
    }
    const name = (choice) => choice.closest("label").firstChild.textContent.trim();
    const wrong = choices.filter((choice) => choice.value !== choice.dataset.state);
    const tasks = choices.map((choice) => `${name(choice)} ${t(choice.value)}`).join(", ");
    const [first] = wrong.sort((one, other) => one.dataset.seq - other.dataset.seq);
    const told = {
      tasks,
      count: choices.length - wrong.length,
      total: choices.length,
      task: first && name(first),
      state: first && t(first.dataset.state),
      other: first && t(first.value),
    };
    const differs = "✗ {count} of {total} as you said. First difference: {task} is {state}, not {other}.";
    verdict.textContent = first
      ? `${filled(differs, told)} ${first.dataset.why}`
      : filled("✓ as you said: {tasks}", told);
    verdict.className = first ? "is-wrong" : "is-right";
  });
}
speak();
