// @ts-check
// What the explorer does with its data, without a page: what an address asks for, the rows that fit, their order, CSV.
// The data are columns of numbers that stand for values in lists; a row is a place in the columns.

/**
 * @typedef {{ id: string, zh: string, en: string, page: string, theme: string }} Label
 * @typedef {{ id: string, title: string, page: string }} Report
 * @typedef {{
 *   version: string, rows: number, csv: string[], labels: Label[], documents: Report[], areas: string[], scopes: string[],
 *   periods: string[], units: string[], quotes: string[], measures: string[], statuses: string[], bounds: string[],
 *   label: number[], document: number[], area: number[], scope: number[], period: number[], unit: number[],
 *   quote: number[], measure: number[], status: number[], bound: number[], value: number[], base: number[],
 *   upper: (number | null)[], obs_text: string[], zh: string[], en: string[], anchor: string[]
 * }} Data
 * @typedef {{
 *   tongue: "zh" | "en", ending: string, data: string, version: string, file: string, formula: string, numeral: string,
 *   measures: Record<string, string>, statuses: Record<string, string>, words: Record<string, string>
 * }} Setup
 * @typedef {Record<"q" | "theme" | "from" | "to" | "measure" | "status" | "document" | "sort" | "page", string>} State
 */

const KEYS = /** @type {(keyof State)[]} */ (["q", "theme", "from", "to", "measure", "status", "document", "sort", "page"]);

/* ---- what is asked for ---- */

/** @returns {State} */
export function emptyState() {
  return { q: "", theme: "", from: "", to: "", measure: "", status: "", document: "", sort: "", page: "" };
}

/** @param {string} query @returns {State} */
export function stateOf(query) {
  const asked = new URLSearchParams(query);
  const state = emptyState();
  for (const key of KEYS) state[key] = asked.get(key) ?? "";
  return state;
}

/** @param {State} state */
export function queryOf(state) {
  const asked = new URLSearchParams();
  for (const key of KEYS) if (state[key]) asked.set(key, state[key]);
  const query = asked.toString();
  return query ? `?${query}` : "";
}

/* ---- filtering and sorting: rows are numbers, tests are comparisons of numbers ---- */

/** @param {string} text */
export const folded = (text) => text.normalize("NFKC").toLowerCase();

/** The text that a search looks at, a row at a time; the words of a label or a clause are folded once.
 * @param {Data} data @returns {string[]} */
export function haystack(data) {
  const labels = data.labels.map((label) => folded(`${label.zh} ${label.en} ${label.id}`));
  const quotes = data.quotes.map(folded);
  const documents = data.documents.map((report) => folded(report.title));
  return data.label.map((label, row) =>
    `${labels[label]}\n${quotes[data.quote[row]]}\n${documents[data.document[row]]}\n${folded(`${data.zh[row]} ${data.en[row]}`)}`);
}

/** @param {string} period */
const lastYear = (period) => Number(period.slice(-4));

/** @param {string} period */
const firstYear = (period) => Number(period.slice(0, 4));

/** Which values of a list fit, as one flag each. @template T @param {T[]} list @param {(item: T) => boolean} fits */
const flags = (list, fits) => Uint8Array.from(list, (item) => (fits(item) ? 1 : 0));

/** The tests that a state asks for, each on the number of a row. @param {Data} data @param {State} state @param {() => string[]} texts */
function tests(data, state, texts) {
  /** @type {((row: number) => unknown)[]} */
  const found = [];
  /** @template T @param {number[]} column @param {T[]} list @param {(item: T) => boolean} fits */
  const within = (column, list, fits) => {
    const kept = flags(list, fits);
    found.push((row) => kept[column[row]]);
  };
  if (state.measure) within(data.measure, data.measures, (code) => code === state.measure);
  if (state.status) within(data.status, data.statuses, (code) => code === state.status);
  if (state.theme) within(data.label, data.labels, (label) => label.theme === state.theme);
  if (state.document) within(data.document, data.documents, (report) => report.id === state.document);
  if (state.from) within(data.period, data.periods, (period) => lastYear(period) >= Number(state.from));
  if (state.to) within(data.period, data.periods, (period) => firstYear(period) <= Number(state.to));
  for (const word of folded(state.q).split(/\s+/).filter(Boolean)) {
    const looked = texts();
    found.push((row) => looked[row].includes(word));
  }
  return found;
}

/** @param {Data} data @param {State} state @param {() => string[]} texts @returns {number[]} */
export function filtered(data, state, texts) {
  const asked = tests(data, state, texts);
  const rows = [];
  for (let row = 0; row < data.rows; row += 1) if (asked.every((fits) => fits(row))) rows.push(row);
  return rows;
}

/** The rank of each value of a list in its order. @param {string[]} list @param {string} language */
function ranks(list, language) {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const order = list.map((_, place) => place).sort((a, b) => compare(list[a], list[b]));
  const found = new Uint32Array(list.length);
  order.forEach((place, rank) => { found[place] = rank; });
  return found;
}

/** What rows are sorted by, as numbers. @param {Data} data @param {string} column @param {"zh" | "en"} tongue */
function sortKey(data, column, tongue) {
  const language = tongue === "zh" ? "zh-Hans-CN" : "en";
  /** @param {string[]} list @param {number[]} places */
  const ranked = (list, places) => {
    const rank = ranks(list, language);
    return (/** @type {number} */ row) => rank[places[row]];
  };
  switch (column) {
    case "label": return ranked(data.labels.map((label) => (tongue === "en" && label.en) || label.zh), data.label);
    case "period": return ranked(data.periods, data.period);
    case "measure": return (/** @type {number} */ row) => data.measure[row];
    case "status": return (/** @type {number} */ row) => data.status[row];
    case "value": return (/** @type {number} */ row) => data.base[row];
    case "document": return ranked(data.documents.map((report) => report.title), data.document);
    default: return null;
  }
}

/** @param {Data} data @param {number[]} rows @param {string} sort @param {"zh" | "en"} tongue */
export function sorted(data, rows, sort, tongue) {
  const key = sortKey(data, sort.replace("-", ""), tongue);
  if (!key) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  return rows.slice().sort((a, b) => sign * (key(a) - key(b)) || a - b);
}

/* ---- the rows as CSV, as the release writes it ---- */

/** @param {Data} data @param {number} row @returns {Record<string, string | number | null>} */
function cells(data, row) {
  const label = data.labels[data.label[row]];
  const known = {
    ref_area: data.areas[data.area[row]],
    indicator: label.id,
    measure: data.measures[data.measure[row]],
    scope: data.scopes[data.scope[row]],
    period: data.periods[data.period[row]],
    status: data.statuses[data.status[row]],
  };
  return {
    obs_id: Object.values(known).join("|"),
    ...known,
    value: data.value[row],
    value_upper: data.upper[row],
    bound: data.bounds[data.bound[row]],
    unit: data.units[data.unit[row]],
    obs_text: data.obs_text[row],
    label_zh: label.zh,
    label_en: label.en || null,
    theme: label.theme === "none" ? null : label.theme,
    document: data.documents[data.document[row]].id,
    quote: data.quotes[data.quote[row]],
  };
}

/** A number as the release writes it: a whole one with a nought behind the point. @param {number} value */
export function decimal(value) {
  const size = Math.abs(value);
  if (size >= 1e16 || (size > 0 && size < 1e-5)) return value.toExponential();
  return `${Object.is(value, -0) ? "-0" : value}${Number.isInteger(value) ? ".0" : ""}`;
}

/** @param {string | number | null} cell @param {RegExp} formula @param {RegExp} numeral */
export function csvCell(cell, formula, numeral) {
  if (cell === null) return "";
  if (typeof cell === "number") return decimal(cell);
  const harmless = formula.test(cell) && !numeral.test(cell) ? `'${cell}` : cell;
  return harmless === "" || /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** @param {Data} data @param {number[]} rows @param {Setup} setup */
export function csv(data, rows, setup) {
  const [formula, numeral] = [new RegExp(setup.formula, "su"), new RegExp(setup.numeral, "su")];
  const lines = rows.map((row) => {
    const found = cells(data, row);
    return data.csv.map((name) => csvCell(found[name], formula, numeral)).join(",");
  });
  return `${[data.csv.join(","), ...lines].join("\n")}\n`;
}
