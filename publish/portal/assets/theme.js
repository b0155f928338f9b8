// Before the first paint: the theme that the reader chose, if any.
"use strict";
try {
  const chosen = localStorage.getItem("gongbao-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // a browser that keeps nothing follows its system
}
