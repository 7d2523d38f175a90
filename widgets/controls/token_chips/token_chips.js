// Token chips: what a blank is drawn as, and one Tab stop for all of them.
function render({ model, el }) {
  const list = document.createElement("div");
  list.className = "tok poetas-chips";
  list.setAttribute("role", "listbox");
  const description = document.createElement("p");
  description.className = "poetas-chip-description soft small";
  description.setAttribute("aria-live", "polite");
  el.append(list, description);

  // Blanks and line ends by the signs of poetas/tokens/token_display.py.
  function shown(piece) {
    if (piece === "" || piece === "\ufffd") return "·";
    return piece
      .replace(/[ \u00a0]/g, "␣")
      .replace(/\r\n|\n|\r/g, "↵")
      .replace(/\t/g, "⇥");
  }
  function spoken(piece, texts) {
    if (piece === "" || piece === "\ufffd") return texts.part;
    if (/^[ \u00a0]+$/.test(piece)) return texts.blank;
    if (/^[\r\n]+$/.test(piece)) return texts.break;
    return `«${piece.trim()}»`;
  }
  function describe(place) {
    const texts = model.get("texts"),
      [piece, id] = model.get("pieces")[place];
    const values = {
      n: String(place + 1),
      all: texts.all,
      piece: spoken(piece, texts),
      id: id.toLocaleString("es-AR"),
    };
    return texts.description.replace(/\{(\w+)\}/g, (_all, key) => values[key]);
  }
  function tell(chip) {
    for (const other of list.querySelectorAll(".now")) {
      other.classList.remove("now");
    }
    if (chip) {
      chip.classList.add("now");
      description.textContent = describe(Number(chip.dataset.place));
    } else {
      description.textContent = list.children.length ? model.get("texts").ask : "";
    }
  }
  function draw() {
    const pieces = model.get("pieces"),
      texts = model.get("texts");
    list.setAttribute("aria-label", model.get("label"));
    list.replaceChildren(
      ...pieces.flatMap(([piece], place) => {
        const chip = document.createElement("span");
        chip.setAttribute("role", "option");
        chip.setAttribute("aria-selected", "false");
        chip.dataset.place = String(place);
        chip.className = `c${place % 6}`;
        chip.tabIndex = place === 0 ? 0 : -1;
        chip.title = describe(place);
        chip.setAttribute("aria-label", describe(place));
        chip.textContent = shown(piece);
        // A line of a poem ends where it ends: after the token that holds its end.
        return /[\r\n]/.test(piece) ? [chip, document.createElement("br")] : [chip];
      }),
    );
    list.hidden = !pieces.length;
    const rest = document.createElement("p");
    if (texts.more) {
      rest.className = "soft small";
      rest.textContent = texts.more;
    }
    for (const old of el.querySelectorAll(".poetas-chips-more")) {
      old.remove();
    }
    if (texts.more) {
      rest.classList.add("poetas-chips-more");
      list.after(rest);
    }
    tell(null);
  }
  const chipOf = (event) => event.target.closest?.("[data-place]");
  function move(chip) {
    list.querySelectorAll('[tabindex="0"]').forEach((other) => {
      other.tabIndex = -1;
    });
    chip.tabIndex = 0;
    chip.focus();
  }
  list.addEventListener("pointerover", (event) => {
    const chip = chipOf(event);
    if (chip) tell(chip);
  });
  list.addEventListener("pointerleave", () => {
    const focused = list.contains(document.activeElement);
    tell(focused ? document.activeElement : null);
  });
  list.addEventListener("focusin", (event) => {
    const chip = chipOf(event);
    if (chip) tell(chip);
  });
  list.addEventListener("focusout", () => tell(null));
  list.addEventListener("click", (event) => {
    const chip = chipOf(event);
    if (chip) move(chip);
  });
  list.addEventListener("keydown", (event) => {
    const chip = chipOf(event);
    if (!chip) return;
    const all = Array.from(list.querySelectorAll("[data-place]")),
      place = all.indexOf(chip);
    const goal = {
      ArrowRight: place + 1,
      ArrowDown: place + 1,
      ArrowLeft: place - 1,
      ArrowUp: place - 1,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    if (all[goal]) move(all[goal]);
  });
  model.on("change:pieces change:label change:texts", draw);
  draw();
  return () => model.off("change:pieces change:label change:texts", draw);
}

export default { render };
