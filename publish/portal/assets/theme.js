// Before the first paint: that scripts run, so that what they show later has its place; the theme that the reader chose.
"use strict";
document.documentElement.classList.add("scripted");
try {
  const chosen = localStorage.getItem("gongbao-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // a browser that keeps nothing follows its system
}
