// A player says how much room it needs, and is told whether the page is dark.
const frames = [...document.querySelectorAll(".site-player iframe")];
const dress = ({ contentWindow }) =>
  contentWindow.postMessage({ dark: document.documentElement.dataset.theme === "dark" }, "*");
addEventListener("message", ({ source, data }) => {
  const frame = frames.find(({ contentWindow }) => contentWindow === source);
  if (!frame || !(data.height > 0)) return;
  frame.style.height = `${data.height + 2}px`;
  dress(frame);
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
      verdict.textContent = "✎ Choose a state for each task.";
      open.focus();
      return;
    }
    const name = (choice) => choice.closest("label").firstChild.textContent.trim();
    const wrong = choices.filter((choice) => choice.value !== choice.dataset.state);
    const right = `✓ as you said: ${choices.map((one) => `${name(one)} ${one.value}`).join(", ")}`;
    const counted = `✗ ${choices.length - wrong.length} of ${choices.length} as you said.`;
    const [first] = wrong.sort((one, other) => one.dataset.seq - other.dataset.seq);
    verdict.textContent = first
      ? `${counted} First difference: ${name(first)} is ${first.dataset.state}, ` +
        `not ${first.value}. ${first.dataset.why}`
      : right;
    verdict.className = first ? "is-wrong" : "is-right";
  });
}
