// One ballot of each kind: draws the form, returns its value, tells when it changes. Text is always text.
"use strict";

window.Ballot = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") node.className = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  function choices(question, type, chosen, changed) {
    const marked = new Set(chosen);
    return question.items.map((item) => make(
      "label", { class: "row" },
      make("input", { type, name: "choice", value: item.key, checked: marked.has(item.key), onchange: changed }),
      make("span", { class: "name" }, item.label),
    ));
  }

  function ticked(form) {
    return [...form.querySelectorAll("input:checked")].map((input) => input.value);
  }

  function single(form, question, value, changed) {
    form.append(...choices(question, "radio", value ? [value] : [], changed));
    return () => ticked(form)[0] ?? null;
  }

  function multiple(form, question, value, changed) {
    const hint = make("p", { class: "quiet", role: "status" });
    const limit = () => {
      const full = ticked(form).length >= question.limit;
      for (const input of form.querySelectorAll("input")) input.disabled = full && !input.checked;
      const few = question.limit < question.items.length;
      hint.textContent = few ? `Choose up to ${question.limit}.` : "Choose as many as you like.";
    };
    form.append(hint, ...choices(question, "checkbox", value ?? [], () => { limit(); changed(); }));
    limit();
    return () => (ticked(form).length ? ticked(form) : null);
  }

  function scale(form, question, value, changed) {
    const buttons = [1, 2, 3, 4, 5].map((point) => make(
      "label", {},
      make("input", {
        type: "radio", name: "choice", value: point, checked: value === point, onchange: changed,
        "aria-label": { 1: `1 ${question.low_label}`, 5: `5 ${question.high_label}` }[point] ?? `${point}`,
      }),
      `${point}`,
    ));
    form.append(
      make("div", { class: "scale" }, ...buttons),
      make("p", { class: "ends quiet" }, make("span", {}, question.low_label), make("span", {}, question.high_label)),
    );
    return () => (ticked(form).length ? Number(ticked(form)[0]) : null);
  }

  function dots(form, question, value, changed) {
    const placed = { ...(value ?? {}) };
    const left = make("p", { role: "status" });
    const rows = question.items.map((item) => {
      const count = make("span", { class: "count" });
      const step = (sign) => () => {
        placed[item.key] = (placed[item.key] ?? 0) + sign;
        show();
        changed();
      };
      const less = make("button", { type: "button", "aria-label": `One dot fewer for ${item.label}`, onclick: step(-1) }, "−");
      const more = make("button", { type: "button", "aria-label": `One dot more for ${item.label}`, onclick: step(1) }, "+");
      const row = make("div", { class: "row" }, make("span", { class: "name" }, item.label), less, count, more);
      return { item, count, less, more, row };
    });
    const total = () => Object.values(placed).reduce((sum, each) => sum + each, 0);
    function show() {
      const rest = question.dots - total();
      left.textContent = `${rest} of ${question.dots} dots left. At most ${question.dots_per_item} on one.`;
      for (const { item, count, less, more } of rows) {
        const here = placed[item.key] ?? 0;
        count.textContent = here;
        less.disabled = here === 0;
        more.disabled = rest === 0 || here >= question.dots_per_item;
      }
    }
    form.append(left, ...rows.map(({ row }) => row));
    show();
    return () => (total() ? Object.fromEntries(Object.entries(placed).filter(([, each]) => each)) : null);
  }

  function ranking(form, question, value, changed) {
    let order = [...(value ?? [])];
    const few = question.limit < question.items.length;
    const hint = few ? `Tap your ${question.limit} favourites, best first.` : "Tap in order, best first.";
    const rows = question.items.map((item) => {
      const badge = make("span", { class: "badge", "aria-hidden": "true" });
      const toggle = () => {
        if (order.includes(item.key)) order = order.filter((key) => key !== item.key);
        else if (order.length < question.limit) order.push(item.key);
        show();
        changed();
      };
      const row = make("button", { type: "button", class: "row", onclick: toggle }, badge, make("span", { class: "name" }, item.label));
      return { item, badge, row };
    });
    function show() {
      for (const { item, badge, row } of rows) {
        const place = order.indexOf(item.key) + 1;
        badge.textContent = place || "";
        row.setAttribute("aria-pressed", place > 0);
        row.setAttribute("aria-label", place ? `${item.label}, number ${place}` : `${item.label}, not ranked`);
      }
    }
    form.append(make("p", { class: "quiet" }, `${hint} Tap again to take one back.`), ...rows.map(({ row }) => row));
    show();
    return () => (order.length ? order : null);
  }

  function text(form, question, value, changed) {
    const left = make("p", { class: "quiet" });
    const area = make("textarea", { maxlength: 1000, "aria-label": question.prompt, oninput: () => { show(); changed(); } });
    area.value = value ?? "";
    const show = () => { left.textContent = `${1000 - area.value.length} characters left. Please write no names.`; };
    form.append(area, left);
    show();
    return () => area.value.trim() || null;
  }

  function place(form, question, value, changed, loadMap) {
    const rows = choices(question, "radio", value ? [value] : [], () => { mark(); changed(); });
    const drawing = make("div", {});
    const named = make("p", { role: "status" });
    const filter = make("input", {
      type: "text", placeholder: "Find by name", "aria-label": "Find by name", autocomplete: "off",
      oninput: () => {
        const wanted = filter.value.trim().toLowerCase();
        for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      },
    });
    let marks = new Map();
    const mark = () => {
      const chosen = ticked(form)[0];
      for (const [key, node] of marks) node.classList.toggle("chosen", key === chosen);
      const item = question.items.find((each) => each.key === chosen);
      named.textContent = item ? `Chosen: ${item.label}` : question.has_map ? "Tap the map, or choose from the list." : "";
    };
    const choose = (key) => {
      const input = rows.map((row) => row.querySelector("input")).find((each) => each.value === key);
      if (!input) return;
      input.checked = true;
      mark();
      changed();
    };
    form.append(named, drawing, ...(rows.length > 12 ? [filter] : []), ...rows);
    mark();
    if (question.has_map) {
      loadMap().then((map) => {
        if (!map) return;
        marks = draw(drawing, map, choose);
        mark();
      });
    }
    return () => ticked(form)[0] ?? null;
  }

  function draw(holder, map, choose) {
    const margin = 20;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `${-margin} ${-margin} ${map.width + 2 * margin} ${map.height + 2 * margin}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "Map; the list below holds the same choices");
    const marks = new Map();
    const areas = map.areas.map((area) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", area.path);
      if (map.choose === "area") {
        path.addEventListener("click", () => choose(area.key));
        marks.set(area.key, path);
      }
      return path;
    });
    const sites = map.sites.map((site) => {
      const circle = document.createElementNS(SVG, "circle");
      circle.setAttribute("cx", site.x);
      circle.setAttribute("cy", site.y);
      circle.setAttribute("r", 18);
      marks.set(site.key, circle);
      return circle;
    });
    if (map.choose === "site") {
      svg.addEventListener("click", (event) => {
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        const distance = (site) => Math.hypot(site.x - at.x, site.y - at.y);
        const nearest = map.sites.reduce((best, site) => (distance(site) < distance(best) ? site : best));
        choose(nearest.key);
      });
    }
    svg.append(...areas, ...sites);
    holder.replaceChildren(svg);
    return marks;
  }

  const KINDS = { single, multiple, scale, dots, ranking, text, place };

  // Draws the ballot into a form and returns a function that reads its value (null: nothing chosen yet).
  function render(form, question, value, changed, loadMap) {
    return KINDS[question.kind](form, question, value, changed, loadMap);
  }

  return { make, render };
})();
