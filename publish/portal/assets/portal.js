// What a page gains from scripts: a switch of theme, a link that keeps its place, buttons that copy, times of checks.
"use strict";

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchesTheme(button) {
  const name = () => { button.textContent = dark() ? button.dataset.light : button.dataset.dark; };
  button.addEventListener("click", () => {
    const theme = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("gongbao-theme", theme);
    } catch {
      // it holds for this page
    }
    name();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();
  button.hidden = false;
}

function keepsPlace(link) {
  const plain = link.getAttribute("href");
  link.addEventListener("click", () => { link.setAttribute("href", plain + location.search + location.hash); });
}

function copies(block) {
  const button = document.createElement("button");
  const english = document.documentElement.lang === "en";
  const say = (done) => { button.textContent = done ? (english ? "Copied" : "已复制") : (english ? "Copy" : "复制"); };
  button.type = "button";
  say(false);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      say(true);
      setTimeout(() => say(false), 2000);
    } catch {
      getSelection().selectAllChildren(block.querySelector("code")); // where the clipboard is closed
    }
  });
  block.append(button);
}

function finds(form) {
  const input = form.querySelector("input");
  const rows = [...document.querySelectorAll(form.dataset.find)];
  const find = () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    for (const section of document.querySelectorAll("main section")) {
      section.hidden = section.querySelector("tbody tr:not([hidden])") === null;
    }
    const left = rows.filter((row) => !row.hidden).length;
    form.querySelector("[role=status]").textContent = !wanted ? "" : left ? String(left) : form.dataset.none;
  };
  input.addEventListener("input", find);
  form.hidden = false;
  if (input.value) find(); // a browser that comes back to a page fills its fields
}

function completes(place) {
  place.textContent = new URL(place.textContent, location.href).href; // a program needs the whole address
}

async function showsChecks(place) {
  try {
    const answer = await fetch(place.dataset.status);
    const source = answer.ok ? (await answer.json()).sources?.[place.dataset.dataset] : null;
    if (!source?.last_checked) return;
    const time = document.createElement("time");
    time.dateTime = source.last_checked;
    time.textContent = source.last_checked.slice(0, 16).replace("T", " ") + " UTC";
    const [before, after] = place.dataset.words.split("{time}");
    place.replaceChildren(before, time, after ?? "");
    place.hidden = false;
  } catch {
    // a copy without a status says nothing of it
  }
}

document.querySelectorAll("[data-theme-switch]").forEach(switchesTheme);
document.querySelectorAll("[data-keeps-place]").forEach(keepsPlace);
document.querySelectorAll(".copy").forEach(copies);
document.querySelectorAll("[data-find]").forEach(finds);
document.querySelectorAll("[data-address]").forEach(completes);
document.querySelectorAll("[data-status]").forEach(showsChecks);
