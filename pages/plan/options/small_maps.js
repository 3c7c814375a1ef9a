// Small maps in step: one shape of the place painted for each plan; pointing at an area marks it in all maps,
// moving or zooming one moves all.
const SVG = "http://www.w3.org/2000/svg";

function make(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (parent) parent.appendChild(element);
  return element;
}

function box(tag, style, parent, text) {
  const element = document.createElement(tag);
  Object.assign(element.style, style);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".maps") || box("div", {}, parentElement);
  root.className = "maps";
  root.replaceChildren();
  const { colours } = data;
  const count = data.maps.length;
  const least = count > 4 ? 250 : count === 4 ? 230 : 260;
  Object.assign(root.style, {
    display: "grid", position: "relative", gap: "6px 14px", color: colours.text,
    gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, ${least}px), 1fr))`,
    fontFamily: "'Source Sans', 'Source Sans 3', sans-serif",
  });
  const view = { x: 0, y: 0, width: data.width, height: data.height };
  const drawn = [];
  const tip = box("div", {
    position: "absolute", display: "none", pointerEvents: "none", zIndex: 9, padding: "8px 10px", fontSize: "14px",
    lineHeight: "1.35", borderRadius: "4px", border: `1px solid ${colours.quiet}`, background: colours.background,
    maxWidth: "300px",
  }, root);

  function place() {
    for (const map of drawn) {
      map.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
      const zoom = view.width / data.width;
      for (const [mark, x, y] of map.marks) {
        const size = data.siteSize * zoom;
        mark.setAttribute("x", x - size / 2);
        mark.setAttribute("y", y - size / 2);
        mark.setAttribute("width", size);
        mark.setAttribute("height", size);
      }
    }
  }

  function zoom(factor) {
    const width = Math.min(data.width, Math.max(data.width / 12, view.width * factor));
    const height = (width / data.width) * data.height;
    move(view.x + (view.width - width) / 2, view.y + (view.height - height) / 2, width, height);
  }

  function move(x, y, width, height) {
    view.width = width;
    view.height = height;
    view.x = Math.min(Math.max(0, x), data.width - width);
    view.y = Math.min(Math.max(0, y), data.height - height);
    place();
  }

  function mark(code) {
    for (const map of drawn) map.edge.setAttribute("d", code ? data.paths[code] : "");
    tip.style.display = code ? "block" : "none";
  }

  function tell(code, event) {
    mark(code);
    tip.replaceChildren();
    box("div", { fontWeight: 600 }, tip, data.names[code] || code);
    data.maps.forEach((map) => {
      const line = box("div", {}, tip, `${map.title}: `);
      box("b", { fontWeight: 600 }, line, map.words[code] || "");
    });
    const frame = root.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, Math.max(0, frame.width - tip.offsetWidth - 4));
    tip.style.left = `${left}px`;
    tip.style.top = `${event.clientY - frame.top + 16}px`;
  }

  data.maps.forEach((map, number) => {
    const card = box("figure", { margin: 0, minWidth: 0 }, root);
    card.className = "small-map";
    box("div", { fontWeight: 700, fontSize: "15px", lineHeight: "1.25" }, card, map.title);
    const note = box("div", { fontSize: "14px", color: colours.quiet, marginBottom: "3px" }, card);
    if (map.stamp) {
      box("b", { border: `1px solid ${colours.quiet}`, borderRadius: "3px", padding: "0 5px", marginRight: "6px", color: colours.text }, note, map.stamp);
    }
    note.append(map.note);
    const svg = make("svg", {
      role: "img", "aria-label": `Map of ${map.title}${map.stamp && ` (${map.stamp})`}: ${map.note}`, preserveAspectRatio: "xMidYMid meet",
    }, card);
    Object.assign(svg.style, { width: "100%", height: `${data.heightPx}px`, display: "block", touchAction: "pan-y" });
    for (const [code, path] of Object.entries(data.paths)) {
      const area = make("path", {
        d: path, fill: map.fill[code] || colours.missing, stroke: colours.area, "stroke-width": 0.5,
        "vector-effect": "non-scaling-stroke",
      }, svg);
      area.addEventListener("pointermove", (event) => tell(code, event));
    }
    const still = { fill: "none", "pointer-events": "none", "vector-effect": "non-scaling-stroke" };
    make("path", { ...still, d: data.lines, stroke: colours.ward, "stroke-width": 0.8 }, svg);
    make("path", { ...still, d: data.outline, stroke: colours.outline, "stroke-width": 1.6 }, svg);
    make("path", { ...still, d: data.islets, stroke: colours.outline, "stroke-width": 0.6 }, svg);
    const edge = make("path", { ...still, d: "", stroke: colours.selected, "stroke-width": 3 }, svg);
    const marks = map.sites.map(([x, y, icon, name]) => {
      const image = make("image", { href: icon }, svg);
      make("title", {}, image).textContent = name;
      return [image, x, y];
    });
    svg.addEventListener("pointerleave", () => mark(null));
    let start = null;
    svg.addEventListener("pointerdown", (event) => {
      start = view.width < data.width ? { x: event.clientX, y: event.clientY, left: view.x, top: view.y } : null;
      if (start) svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!start) return;
      const unit = view.width / svg.clientWidth;
      move(start.left - (event.clientX - start.x) * unit, start.top - (event.clientY - start.y) * unit, view.width, view.height);
    });
    svg.addEventListener("pointerup", () => { start = null; });
    drawn.push({ svg, edge, marks });
    if (number > 0) return;
    card.style.position = "relative";
    const buttons = box("div", { position: "absolute", right: "2px", bottom: "4px", display: "flex", gap: "2px" }, card);
    for (const [sign, words, act] of [
      ["+", "Zoom all maps in", () => zoom(0.6)],
      ["−", "Zoom all maps out", () => zoom(1 / 0.6)],
      ["⟲", "Whole place in all maps", () => move(0, 0, data.width, data.height)],
    ]) {
      const button = box("button", {
        width: "26px", height: "26px", fontSize: "15px", lineHeight: 1, borderRadius: "4px", cursor: "pointer", padding: 0,
        color: colours.text, background: colours.background, border: `1px solid ${colours.quiet}`,
      }, buttons, sign);
      button.type = "button";
      button.title = words;
      button.setAttribute("aria-label", words);
      button.addEventListener("click", act);
    }
  });
  place();
}
