// The phone page: shows what is asked now, keeps every answer on the phone until the server has counted it.
"use strict";

(() => {
  const { make, render } = window.Ballot;
  const $ = (id) => document.getElementById(id);
  const BASE = location.pathname.replace(/\/join\/.*$/, "/join/");
  const SEND_TIMEOUT_MS = 15000;
  const SILENCE_MS = 40000;
  const POLL_MS = 4000;
  const RETRY_MS = [1000, 2000, 4000, 8000, 15000];

  let invite = null;
  let kept = null;
  let state = null;
  let shownId = null;
  let drawn = "";
  let readValue = null;
  let sending = false;
  let retries = 0;
  let retryTimer = 0;
  let events = null;
  let heardAt = 0;
  let note = "";

  const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
  const hex = (bytes) => [...random(bytes)].map((each) => each.toString(16).padStart(2, "0")).join("");

  // ---- what the phone keeps ----------------------------------------------------------------------------
  const memory = new Map();

  function load() {
    let text = memory.get(invite) ?? null;
    try { text = localStorage.getItem(`workshop:${invite}`) ?? text; } catch { /* private mode: memory only */ }
    const fresh = { participant: hex(16), agreed: false, answers: {}, drafts: {} };
    try { kept = { ...fresh, ...JSON.parse(text ?? "{}") }; } catch { kept = fresh; }
    save();
  }

  function save() {
    const text = JSON.stringify(kept);
    memory.set(invite, text);
    try { localStorage.setItem(`workshop:${invite}`, text); } catch { /* full or private: memory only */ }
  }

  // ---- the server --------------------------------------------------------------------------------------
  async function post(path, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), SEND_TIMEOUT_MS);
    try {
      const response = await fetch(`${BASE}api/${path}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
        signal: stop.signal, cache: "no-store",
      });
      return { code: response.status, body: await response.json() };
    } catch {
      return { code: 0, body: {} };
    } finally {
      clearTimeout(timer);
    }
  }

  const waiting = () => Object.entries(kept.answers).filter(([, answer]) => answer.status === "waiting");

  async function flush() {
    if (sending || !kept?.agreed) return;
    sending = true;
    clearTimeout(retryTimer);
    let failed = !(await joined());
    for (let next = waiting()[0]; next && !failed; next = waiting()[0]) {
      const [question, { answer_id, revision, value }] = next;
      showStatus();
      const reply = await post(`${invite}/answers`, { participant: kept.participant, question, answer_id, revision, value });
      failed = settle(question, revision, reply);
      save();
      if (readValue) showStatus();
      else draw();
    }
    sending = false;
    retries = failed ? retries + 1 : 0;
    if (failed) {
      const pause = RETRY_MS[Math.min(retries, RETRY_MS.length) - 1];
      retryTimer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
    }
  }

  // Whether this phone is counted among those who can answer; asked again until the server has said so.
  async function joined() {
    if (!kept.joined) {
      const { code } = await post(`${invite}/participants`, { participant: kept.participant });
      if (code === 0 || code >= 429) return false;
      kept.joined = code === 200;
      save();
    }
    return true;
  }

  // What the server said of one answer; true if it has to be sent again.
  function settle(question, revision, { code, body }) {
    const answer = kept.answers[question];
    if (!answer) return false;
    if (code === 200) {
      answer.counted = { value: body.value, revision: body.revision };
      if (answer.revision <= body.revision) Object.assign(answer, { status: "counted", value: body.value, revision: body.revision });
      return false;
    }
    if (answer.revision !== revision) return false;
    if ([400, 404, 409, 422].includes(code)) {
      answer.status = answer.counted ? "counted" : "refused";
      if (answer.counted) answer.value = answer.counted.value;
      answer.message = body.message;
      note = body.message;
      return false;
    }
    return true;
  }

  function answer(question, value) {
    const before = kept.answers[question.id] ?? { revision: 0 };
    const revision = Math.max(Date.now(), before.revision + 1);
    kept.answers[question.id] = { answer_id: hex(16), revision, value, status: "waiting", counted: before.counted };
    delete kept.drafts[question.id];
    note = "";
    save();
    retries = 0;
    flush();
    draw();
  }

  // ---- what is asked now -------------------------------------------------------------------------------
  function listen() {
    events?.close();
    heardAt = Date.now();
    events = new EventSource(`${BASE}api/${invite}/events`);
    events.addEventListener("state", (event) => { heard(); take(JSON.parse(event.data)); });
    events.addEventListener("beat", heard);
    events.onopen = () => { heard(); flush(); };
    events.onerror = () => { connected(false); if (events.readyState === EventSource.CLOSED) poll(); };
  }

  function heard() { heardAt = Date.now(); connected(true); }

  // Asked once where events do not come through, and when a phone wakes up.
  async function poll() {
    try {
      const response = await fetch(`${BASE}api/${invite}/state`, { cache: "no-store" });
      if (response.status === 404) return over("This workshop is not here any more.");
      if (response.ok) { take(await response.json()); connected(true); }
    } catch { connected(false); }
  }

  function watch() {
    const silent = Date.now() - heardAt > SILENCE_MS;
    if (silent || events.readyState === EventSource.CLOSED) { poll(); if (!document.hidden) listen(); }
    else if (events.readyState === EventSource.CONNECTING) poll();
  }

  function connected(yes) {
    const line = $("connection");
    line.hidden = yes;
    line.className = "bad";
    line.textContent = yes ? "" : "No connection just now. Keep this page open; it goes on by itself.";
  }

  function take(newer) {
    if (state && newer.version < state.version) return;
    const before = state?.questions?.[0]?.id;
    state = newer;
    const ids = state.questions.map((each) => each.id);
    if (!ids.includes(shownId) || (ids[0] !== before && ids[0] !== shownId)) shownId = ids[0] ?? null;
    draw();
  }

  // ---- what the person sees ----------------------------------------------------------------------------
  function draw() {
    if (!state) return;
    $("workshop").textContent = state.title;
    $("standing").textContent = state.closed ? "" : state.standing ?? "";
    document.title = state.title;
    if (!kept.agreed && !state.closed) return page(noticePage(), null);
    if (state.closed) return over("The workshop is closed. Thank you for taking part.");
    const question = state.questions.find((each) => each.id === shownId);
    if (!question) return waitPage();
    const key = JSON.stringify([question, state.questions.map((each) => each.id)]);
    if (key !== drawn) { questionPage(question); drawn = key; }
    return showStatus();
  }

  function page(nodes, footer) {
    drawn = "";
    readValue = null;
    $("main").replaceChildren(...nodes);
    $("footer").hidden = !footer;
    window.scrollTo(0, 0);
  }

  function over(words) {
    events?.close();
    state = { ...(state ?? {}), closed: true, questions: [] };
    page([make("h1", {}, words), ...noteLine()], null);
  }

  function noteLine() { return note ? [make("p", { class: "bad", role: "status" }, note)] : []; }

  function noticeList() {
    const days = state.keep_days === 1 ? "1 day" : `${state.keep_days} days`;
    return make("ul", {},
      make("li", {}, "Kept: the answers you send, and a random number made by this page so that each counts once."),
      make("li", {}, "Not kept: your name, your number, your phone's address, where you are."),
      make("li", {}, `Why: ${state.purpose}`),
      make("li", {}, "The screen shows totals, never who answered. Comments are read by the facilitator before they are shown."),
      ...(state.asks_about_you ? [make("li", {}, "Questions about you are optional. Their results are shown only for groups large enough to hide each person.")] : []),
      make("li", {}, `Deleted ${days} after the workshop closes. You can remove your answers yourself until it closes.`),
    );
  }

  function noticePage() {
    const start = () => {
      kept.agreed = true;
      save();
      flush();
      draw();
    };
    return [
      make("h1", {}, "What is kept, and why"),
      noticeList(),
      make("button", { type: "button", class: "main", id: "start", onclick: start }, "Start"),
    ];
  }

  function waitPage() {
    const last = state.step ? [make("p", { class: "quiet" }, state.step.title)] : [];
    page([
      make("h1", {}, "Look at the screen"),
      ...last,
      make("p", {}, "The next question appears here by itself."),
      ...noteLine(),
      ...(waiting().length ? [make("p", { class: "bad", role: "status" }, "An answer is not counted yet. Keep this page open.")] : []),
      aboutLine(),
    ], null);
  }

  function questionPage(question) {
    const form = make("form", { id: "ballot", novalidate: true, onsubmit: (event) => { event.preventDefault(); send(question); } });
    const fields = make("fieldset", {}, make("legend", {}, make("h1", {}, question.prompt)));
    if (question.help) fields.append(make("p", { class: "quiet" }, question.help));
    if (question.is_demographic) fields.append(make("p", { class: "quiet" }, "About you: you need not answer."));
    form.append(fields);
    page([...switcher(question), form, aboutLine()], true);
    const value = kept.drafts[question.id] ?? kept.answers[question.id]?.value ?? null;
    const changed = () => { kept.drafts[question.id] = readValue(); save(); showStatus(); };
    readValue = render(fields, question, value, changed, () => loadMap(question));
  }

  function switcher(question) {
    const all = state.questions;
    if (all.length < 2) return [];
    const at = all.findIndex((each) => each.id === question.id);
    const go = (step) => () => { shownId = all[(at + step + all.length) % all.length].id; draw(); };
    return [make("nav", { "aria-label": "Open questions" },
      make("button", { type: "button", onclick: go(-1), "aria-label": "Question before" }, "‹"),
      make("span", { class: "quiet" }, `Question ${at + 1} of ${all.length}`),
      make("button", { type: "button", onclick: go(1), "aria-label": "Next question" }, "›"))];
  }

  function aboutLine() {
    const details = make("details", {}, make("summary", { class: "quiet" }, "What is kept, and why"), noticeList());
    const remove = make("button", { type: "button", class: "plain" }, "Remove all my answers");
    let armed = false;
    remove.addEventListener("click", async () => {
      if (!armed) { armed = true; remove.textContent = "Tap again to remove all my answers"; return; }
      const { code } = await post(`${invite}/withdrawals`, { participant: kept.participant });
      if (code !== 200) { remove.textContent = "Not removed yet: no connection. Tap to try again"; return; }
      kept = { participant: hex(16), agreed: false, answers: {}, drafts: {} };
      save();
      draw();
    });
    details.append(remove);
    return details;
  }

  async function loadMap(question) {
    try {
      const response = await fetch(`${BASE}api/${invite}/map/${question.id}`);
      return response.ok ? await response.json() : null;
    } catch { return null; }
  }

  function send(question) {
    const value = readValue();
    if (value === null) { say("Choose something first.", "bad"); return; }
    answer(question, value);
  }

  function say(words, tone) { $("status").textContent = words; $("status").className = tone; }

  function showStatus() {
    const question = state?.questions.find((each) => each.id === shownId);
    if (!question || !readValue) return;
    const given = kept.answers[question.id];
    const draft = kept.drafts[question.id];
    const isChanged = draft !== undefined && JSON.stringify(draft) !== JSON.stringify(given?.value ?? null);
    $("send").textContent = given?.counted ? "Send the change" : "Send my answer";
    $("send").disabled = Boolean(given) && !isChanged && given.status !== "refused";
    if (given?.status === "waiting") {
      say(sending && !retries ? "Sending…" : "Not counted yet. Keep this page open: it is sent again by itself.", retries ? "bad" : "quiet");
    } else if (given?.status === "refused") say(given.message ?? "Not counted.", "bad");
    else if (isChanged) say(given ? "Changed, not sent yet." : "", "quiet");
    else if (given?.status === "counted") say(given.message ?? "Counted. You can change it until the question closes.", given.message ? "bad" : "good");
    else say("", "quiet");
  }

  // ---- the way in --------------------------------------------------------------------------------------
  function entrance(message) {
    const field = make("input", {
      type: "text", class: "code", id: "code", maxlength: 12, autocomplete: "off", autocapitalize: "characters",
      spellcheck: "false", "aria-label": "Code on the screen",
    });
    const form = make("form", { onsubmit: (event) => { event.preventDefault(); find(field.value); } },
      make("p", {}, "Type the code on the screen, or scan the QR code."),
      field,
      make("p", { class: "bad", role: "status", id: "wrong" }, message),
      make("button", { type: "submit", class: "main" }, "Join"));
    page([make("h1", {}, "Join the workshop"), form], null);
  }

  async function find(code) {
    const { code: status, body } = await post("code", { code });
    if (status === 200) {
      history.replaceState(null, "", `${BASE}${body.invite}`);
      return enter(body.invite);
    }
    return entrance(body.message ?? "No connection just now. Please try again.");
  }

  function enter(found) {
    invite = found;
    load();
    poll();
    listen();
    setInterval(watch, POLL_MS);
    const wake = () => { if (!document.hidden) { retries = 0; poll(); flush(); if (Date.now() - heardAt > SILENCE_MS) listen(); } };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("pageshow", wake);
    window.addEventListener("online", () => { listen(); wake(); });
    window.addEventListener("offline", () => connected(false));
  }

  const given = decodeURIComponent(location.pathname.slice(BASE.length)).toUpperCase();
  if (given.length === 20) enter(given);
  else if (given) find(given);
  else entrance("");
})();
