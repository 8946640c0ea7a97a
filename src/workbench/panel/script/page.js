/** Dark or light: as the reader's system is, or as the page is in which this one stands. */
function dress(dark) {
  document.documentElement.dataset.scheme = dark ? "dark" : "light";
}

/** Within another page: that gives the room that is needed, and says whether it is dark and which
 * language is spoken; another one that is chosen here is spoken there, too. */
function within() {
  document.body.className = "is-within";
  const tell = () => parent.postMessage({ height: document.body.offsetHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", ({ source, data }) => {
    if (source !== parent) return;
    if (typeof data.dark === "boolean") dress(data.dark);
    if (data.language in player.model.get("languages")) speakAll(data.language);
  });
  player.model.on("change:language", () => {
    parent.postMessage({ language: player.model.get("language") }, "*");
  });
}

const system = matchMedia("(prefers-color-scheme: dark)");
dress(system.matches);
system.addEventListener("change", ({ matches }) => dress(matches));
const data = JSON.parse(document.getElementById("run").textContent);
const main = document.getElementById("panel");
const player = data.runs ? beside(data, main) : new Player(data);
player.follow();
addEventListener("hashchange", () => player.follow());
addEventListener("keydown", (event) => player.key(event));
if (!data.runs) view(player.model, main);
const footer = document.querySelector("footer");
const about = footer.textContent;
const speak = () => {
  document.documentElement.lang = player.model.get("language");
  footer.textContent = t(about);
};
player.model.on("change:language", speak);
speak();
if (parent !== window) within();
