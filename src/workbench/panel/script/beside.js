/** What differs between two runs; a task's name turns both to it. */
function differences({ names, rows }, turn) {
  const head = [t("task"), ...names, t("verdict")].map((name) => make("th", { scope: "col" }, name));
  const lines = rows.map(([task, first, second, fields]) => {
    const cells = [first, second, fields.length ? `≠ ${fields.join(", ")}` : t("= same")];
    const name = make("th", { scope: "row" }, button(task, () => turn(task)));
    return make("tr", {}, name, ...cells.map((cell) => make("td", {}, cell)));
  });
  const count = rows.filter(([, , , fields]) => fields.length).length;
  const text = t("What differs: {count} of {total} tasks", { count, total: rows.length });
  const whole = table(lines, make("thead", {}, make("tr", {}, ...head)));
  const fold = make("details", count ? { open: "" } : {}, make("summary", {}, text), whole);
  fold.className = "wb-differences";
  return fold;
}

/** Two runs side by side; while they are together, each follows the other. Gives back the first. */
function beside(data, main) {
  const box = make("input", { type: "checkbox", checked: "" });
  let moving = true; // until both are there
  const moved = (player) => {
    if (moving || !box.checked) return;
    moving = true;
    for (const other of players) if (other !== player) other.join(player);
    moving = false;
  };
  const players = [];
  for (const run of data.runs) players.push(new Player(run, moved));
  players.forEach((player, number) => (player.addressed = !number));
  moving = false;
  moved(players[0]);
  const label = make("label", {}, box, t(" move both together, by the seconds since each began"));
  const turn = (task) => players.forEach((player) => player.look(task));
  const sections = data.names.map((name) => make("section", { "aria-label": name }));
  const top = make("div", { class: "wb-panel wb-both" }, differences(data, turn), label);
  main.classList.add("has-two");
  main.append(top, make("div", { class: "wb-beside" }, ...sections));
  players.forEach((player, number) => view(player.model, sections[number]));
  return players[0];
}
