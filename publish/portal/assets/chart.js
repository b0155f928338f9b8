// Draws a chart again with Vega once somebody points at it, so that a point says what it is and leads to its sentence.
// The picture that was there stays where this fails. Vega is large: who only reads never waits for it, and who listens
// or types has the same numbers, and the same ways to their sentences, in the table below.
(() => {
  "use strict";

  const load = (address) =>
    (window.gongbaoVega ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    }));

  // What a point says, in an element of ours: Vega's own would bring a style of its own.
  const saying = (figure) => {
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    figure.append(tip);
    return (_handler, event, _item, value) => {
      tip.hidden = !value;
      if (!value) return;
      const room = figure.getBoundingClientRect();
      tip.textContent = String(value);
      tip.style.left = `${Math.min(event.clientX - room.left, room.width - tip.offsetWidth)}px`;
      tip.style.top = `${event.clientY - room.top}px`;
    };
  };

  const draw = async (figure) => {
    await load(figure.dataset.vega);
    const picture = figure.querySelector(".picture");
    const spec = JSON.parse(figure.querySelector("script").textContent);
    spec.width = Math.max(picture.clientWidth - spec.padding.left - spec.padding.right, 120);
    const stage = document.createElement("div");
    const options = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: saying(figure) };
    const { view } = await window.vegaEmbed(stage, spec, options);
    view.addEventListener("click", (_event, item) => {
      if (item?.datum?.at) window.location.href = item.datum.at;
    });
    // The figure names the whole picture: its parts are no elements of their own for who listens.
    for (const part of stage.querySelectorAll("[role], [aria-roledescription]")) {
      part.removeAttribute("role");
      part.removeAttribute("aria-roledescription");
      part.removeAttribute("aria-label");
    }
    picture.replaceChildren(...stage.childNodes);
    figure.dataset.drawn = "";
  };

  for (const figure of document.querySelectorAll("figure[data-vega]")) {
    figure.addEventListener("pointerover", () => draw(figure).catch(() => {}), { once: true });
  }
})();
