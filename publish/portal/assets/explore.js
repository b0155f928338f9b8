// @ts-check
// The explorer: all observations in a table that filters and sorts here, its state in the address, its rows as CSV.
// The data are fetched when somebody first asks for more than stands on the page.

import { csv, emptyState, filtered, haystack, queryOf, sorted, stateOf } from "./explore-data.js";

/** @typedef {import("./explore-data.js").Data} Data */
/** @typedef {import("./explore-data.js").Setup} Setup */
/** @typedef {import("./explore-data.js").State} State */

const PAGE = 100;
const PAUSE = 120;
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @type {<T extends Element>(selector: string) => T} */
const one = (selector) => {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return /** @type {any} */ (found);
};

/* ---- the page ---- */

/** @param {string} name @param {string} [text] @param {string} [kind] */
function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.append(isolated(text));
  return made;
}

/** @param {string} text */
function isolated(text) {
  const made = document.createElement("bdi");
  made.textContent = text.replace(DIRECTIONS, "");
  return made;
}

/** @param {string} address @param {string} text @param {string} [language] */
function link(address, text, language = "") {
  const made = document.createElement("a");
  made.href = address;
  made.append(isolated(text));
  if (language) made.lang = language;
  return made;
}

/** @param {Data} data @param {Setup} setup @param {number} row */
function tableRow(data, setup, row) {
  const [label, report] = [data.labels[data.label[row]], data.documents[data.document[row]]];
  const english = setup.tongue === "en";
  const name = document.createElement("th");
  name.scope = "row";
  name.append(link(label.page + setup.ending, (english && label.en) || label.zh, english && !label.en ? "zh-Hans" : ""));
  const scope = data.scopes[data.scope[row]];
  if (scope) name.append(" ", Object.assign(element("span", scope, "muted"), { lang: "zh-Hans" }));
  const value = element("td", "", "num value");
  value.append(link(`${report.page}${setup.ending}#${data.anchor[row]}`, data[setup.tongue][row]));
  const quote = Object.assign(element("td", data.quotes[data.quote[row]], "quote"), { lang: "zh-Hans" });
  const source = element("td");
  source.append(link(report.page + setup.ending, report.title, "zh-Hans"));
  const line = document.createElement("tr");
  line.append(
    name,
    element("td", data.periods[data.period[row]].replace("/", "–"), "num"),
    element("td", setup.measures[data.measures[data.measure[row]]]),
    element("td", setup.statuses[data.statuses[data.status[row]]]),
    value,
    quote,
    source,
  );
  return line;
}

/** @param {string} text @param {Record<string, number>} values */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));

class Explorer {
  /** @param {Setup} setup */
  constructor(setup) {
    this.setup = setup;
    this.form = /** @type {HTMLFormElement} */ (one("#explore-form"));
    this.body = /** @type {HTMLElement} */ (one("#explore-table tbody"));
    this.count = /** @type {HTMLElement} */ (one("#explore-count"));
    this.pager = /** @type {HTMLElement} */ (one("#explore-pager"));
    this.state = stateOf(location.search);
    /** @type {number[]} */
    this.rows = [];
    /** @type {Promise<Data> | null} */
    this.asked = null;
    /** @type {string[] | null} */
    this.texts = null;
    this.timer = 0;
    this.turn = 0;
  }

  /** @returns {Promise<Data>} */
  data() {
    this.asked ??= this.fetched().catch((error) => {
      this.asked = null;
      throw error;
    });
    return this.asked;
  }

  // The page may have been kept for some minutes: rows of another release would be saved under the name of this one.
  /** @returns {Promise<Data>} */
  async fetched() {
    const answer = await fetch(this.setup.data, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${this.setup.data}: ${answer.status}`);
    const data = await answer.json();
    if (data.version !== this.setup.version) throw new Error(`${this.setup.data}: release ${data.version}`);
    return data;
  }

  begin() {
    this.fill();
    this.form.hidden = false;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("focusin", () => { this.data().catch(() => this.fail()); }, { once: true });
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("reset", () => this.turnTo(emptyState()));
    one("#explore-export").addEventListener("click", () => { this.export().catch(() => this.fail()); });
    addEventListener("popstate", () => this.turnTo(stateOf(location.search), false));
    document.querySelectorAll("#explore-table th[data-sort]").forEach((head) => this.sortable(/** @type {HTMLElement} */ (head)));
    if (queryOf(this.state)) this.show();
  }

  /** @param {HTMLElement} head */
  sortable(head) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const name = head.dataset.sort ?? "";
      this.turnTo({ ...this.wanted(), sort: this.state.sort === name ? `-${name}` : name, page: "" });
    });
    head.append(button);
  }

  fields() {
    return /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (this.form.querySelectorAll("[name]"));
  }

  fill() {
    this.fields().forEach((field) => { field.value = this.state[/** @type {keyof State} */ (field.name)]; });
  }

  /** What the form says now, though it may be too early to show it. @returns {State} */
  wanted() {
    const found = { ...this.state };
    this.fields().forEach((field) => { found[/** @type {keyof State} */ (field.name)] = field.value.trim(); });
    return found;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turnTo({ ...this.wanted(), page: "" }, true, false), PAUSE);
  }

  /** @param {State} state @param {boolean} [told] @param {boolean} [filling] */
  turnTo(state, told = true, filling = true) {
    clearTimeout(this.timer);
    this.state = state;
    if (filling) this.fill();
    if (told) history.replaceState(null, "", location.pathname + queryOf(state));
    return this.show();
  }

  async show() {
    const turn = (this.turn += 1);
    try {
      const data = await this.data();
      if (turn !== this.turn) return;
      this.rows = sorted(data, this.found(data), this.state.sort, this.setup.tongue);
      this.draw(data);
    } catch (error) {
      console.error(error);
      this.fail();
    }
  }

  /** @param {Data} data */
  found(data) {
    return filtered(data, this.state, () => (this.texts ??= haystack(data)));
  }

  /** @param {Data} data */
  draw(data) {
    const last = Math.max(1, Math.ceil(this.rows.length / PAGE));
    const page = Math.min(last, Math.max(1, Number(this.state.page) || 1));
    const shown = this.rows.slice((page - 1) * PAGE, page * PAGE);
    this.body.replaceChildren(...shown.map((row) => tableRow(data, this.setup, row)));
    this.count.textContent = filled(this.setup.words.count, { found: this.rows.length, all: data.rows });
    this.pager.replaceChildren(...this.steps(page, last));
    document.querySelectorAll("#explore-table th[data-sort]").forEach((head) => this.mark(/** @type {HTMLElement} */ (head)));
  }

  /** @param {HTMLElement} head */
  mark(head) {
    const sort = this.state.sort;
    if (sort.replace("-", "") !== head.dataset.sort) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
  }

  /** @param {number} page @param {number} last */
  steps(page, last) {
    if (last === 1) return [];
    const place = element("span", filled(this.setup.words.place, { page, last }));
    return [this.step(this.setup.words.back, page - 1, last), place, this.step(this.setup.words.on, page + 1, last)];
  }

  /** @param {string} text @param {number} page @param {number} last */
  step(text, page, last) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.disabled = page < 1 || page > last;
    button.addEventListener("click", async () => {
      await this.turnTo({ ...this.state, page: page === 1 ? "" : String(page) });
      one("#explore-table").scrollIntoView();
      /** @type {HTMLElement} */ (one("#explore-region")).focus({ preventScroll: true });
    });
    return button;
  }

  async export() {
    await this.turnTo({ ...this.wanted() }, true, false);
    const data = await this.data();
    const address = URL.createObjectURL(new Blob([csv(data, this.rows, this.setup)], { type: "text/csv;charset=utf-8" }));
    const saved = document.createElement("a");
    saved.href = address;
    saved.download = this.setup.file;
    saved.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  fail() {
    this.count.textContent = this.setup.words.failed;
  }
}

const setup = document.querySelector("#explore-setup");
if (setup) new Explorer(JSON.parse(setup.textContent ?? "{}")).begin();
