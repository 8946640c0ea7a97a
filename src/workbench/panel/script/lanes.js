const [LANE, BAR, THIN] = [22, 17, 2]; // pixels: from lane to lane, of a bar's height, of its width
const TALLEST = 16000; // pixels of a canvas that every browser takes

/**
 * The attempts of many tasks, in lanes, as one canvas: thousands of elements would be laid out and
 * painted at each step.
 */
class Lanes {
  canvas = make("canvas", { class: "wb-lanes" });
  #name = make("span", { class: "wb-name" });
  element = make("div", { class: "wb-row" }, this.#name, this.canvas);
  #drawn = []; // attempts that are there, with the box of each
  #width = 0;
  #size = ""; // as it was drawn last
  #pitch = LANE;

  constructor(again, choose) {
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === this.#width) return;
      this.#width = contentRect.width;
      again();
    }).observe(this.canvas);
    this.canvas.addEventListener("click", (event) => {
      const hit = this.#at(event);
      if (hit) choose(hit.node);
    });
    this.canvas.addEventListener("mousemove", (event) => {
      const hit = this.#at(event);
      this.canvas.title = hit ? told(hit) : "";
    });
  }

  paint(attempts, total, look) {
    const lanes = 1 + attempts.reduce((most, { row }) => Math.max(most, row), 0);
    this.#pitch = Math.min(LANE, TALLEST / lanes / devicePixelRatio);
    const [width, height] = [this.#width, lanes * this.#pitch];
    const context = this.canvas.getContext("2d");
    if (this.#size !== `${width} ${height} ${devicePixelRatio}`) this.#resize(width, height, context, lanes);
    context.clearRect(0, 0, width, height);
    this.#drawn = attempts.filter(({ seen }) => !seen.past);
    for (const attempt of this.#drawn) {
      const lasted = ((attempt.seen.stop - attempt.start) / total) * width;
      const left = Math.min((attempt.from / total) * width, width - THIN);
      attempt.box = [left, Math.max(lasted - 1, THIN)];
      context.fillStyle = look[attempt.seen.state][1];
      context.fillRect(left, attempt.row * this.#pitch, attempt.box[1], (BAR / LANE) * this.#pitch);
    }
  }

  #resize(width, height, context, lanes) {
    this.#size = `${width} ${height} ${devicePixelRatio}`;
    this.#name.textContent = t("{count} lanes", { count: lanes });
    this.canvas.style.height = `${height}px`;
    this.canvas.style.setProperty("--pitch", `${this.#pitch}px`);
    this.canvas.width = width * devicePixelRatio;
    this.canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
  }

  #at({ offsetX, offsetY }) {
    const lane = Math.floor(offsetY / this.#pitch);
    const near = ({ row, box: [left, width] }) =>
      row === lane && offsetX >= left - 1 && offsetX <= left + width + 1;
    return this.#drawn.findLast(near);
  }
}
