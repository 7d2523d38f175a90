// Menu of the project in the page's header: a button, a menu of projects, and a dialog that asks for a name.
// Titles are the learner's texts: they only ever go through textContent.

const make = (name, classes, text = "") => {
  const element = document.createElement(name);
  element.className = classes;
  element.textContent = text;
  return element;
};

function button(classes, text, role) {
  const element = make("button", classes, text);
  element.type = "button";
  if (role) {
    element.setAttribute("role", role);
    element.tabIndex = -1;
  }
  return element;
}

/** Return the index that a key leads to in a menu of `count` items; null for a key that moves nothing. */
export function target(key, index, count) {
  const targets = { ArrowDown: (index + 1) % count, ArrowUp: (index - 1 + count) % count, Home: 0, End: count - 1 };
  return targets[key] ?? null;
}

function render({ model, el }) {
  const texts = model.get("texts");
  const slot = document.querySelector('.cabecera [data-slot="project"]');
  const place = slot ?? el;
  const opener = button("poetas-project", "");
  const menu = make("div", "poetas-project-list");
  const title = make("span", "poetas-project-title");
  title.dir = "auto";
  opener.append(title);
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  opener.title = texts.choose;
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", texts.all);
  menu.hidden = true;
  const dialog = makeDialog(model, texts, slot ? document.body : el);
  const whole = make("div", "poetas-project-whole");
  whole.append(opener, menu);
  place.replaceChildren(whole);
  if (slot) {
    slot.hidden = false;
    slot.dataset.menu = "yes";
  }

  const draw = () => {
    title.textContent = model.get("value");
    opener.setAttribute("aria-label", `${texts.project}: ${model.get("value")}`);
  };
  const items = () => Array.from(menu.querySelectorAll("button"));
  const close = (focus) => {
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (focus) {
      opener.focus();
    }
  };
  const ask = (kind, value) => {
    close(true); // the dialog gives the focus back to the button
    dialog.ask(kind, value);
  };
  const open = () => {
    fill([]);
    menu.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items()[0].focus();
    model.send({ kind: "list" });
  };
  const fill = (projects) => {
    const held = items().indexOf(document.activeElement);
    const rows = projects.map((project) => {
      const row = button("poetas-project-row", "", "menuitemradio");
      const words = make("span", "", project.title);
      words.dir = "auto";
      row.append(words);
      if (project.busy) {
        row.append(make("span", "poetas-project-busy", texts.busy));
      }
      row.setAttribute("aria-checked", String(project.here));
      row.addEventListener("click", () => {
        close(true);
        if (!project.here) {
          model.send({ kind: "open", name: project.name });
        }
      });
      return row;
    });
    const fresh = button("poetas-project-row", texts.new, "menuitem");
    fresh.addEventListener("click", () => ask("new", ""));
    const rename = button("poetas-project-row", texts.rename, "menuitem");
    rename.addEventListener("click", () => ask("rename", model.get("value")));
    const line = make("hr", "");
    line.setAttribute("role", "separator");
    menu.replaceChildren(...rows, ...(rows.length ? [line] : []), fresh, rename);
    if (held >= 0) {
      items()[
        rows.length
          ? Math.max(
              0,
              projects.findIndex((project) => project.here),
            )
          : held
      ].focus();
    }
  };
  const outside = (event) => {
    if (!menu.hidden && !whole.contains(event.target)) {
      close(false);
    }
  };
  const answered = (answer) => {
    if (answer.kind === "projects" && !menu.hidden) {
      fill(answer.projects);
    } else if (answer.kind === "moved" && slot) {
      location.reload();
    } else if (answer.kind === "moved") {
      dialog.tell(texts.again);
    } else if (answer.kind === "renamed") {
      dialog.close();
    } else if (answer.kind === "failed") {
      dialog.tell(answer.text);
    }
  };
  opener.addEventListener("click", () => (menu.hidden ? open() : close(true)));
  opener.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && menu.hidden) {
      event.preventDefault();
      open();
    }
  });
  menu.addEventListener("keydown", (event) => {
    const now = items();
    const index = target(event.key, now.indexOf(document.activeElement), now.length);
    if (event.key === "Escape" || event.key === "Tab") {
      close(event.key === "Escape");
    } else if (index !== null) {
      now[index].focus();
    } else {
      return;
    }
    if (event.key !== "Tab") {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  document.addEventListener("mousedown", outside);
  model.on("change:value", draw);
  model.on("msg:custom", answered);
  draw();
  return () => {
    document.removeEventListener("mousedown", outside);
    dialog.remove();
  };
}

function makeDialog(model, texts, parent) {
  const dialog = make("dialog", "poetas-project-dialog");
  const form = make("form", "");
  const heading = make("h2", "");
  heading.id = `proyecto-${crypto.randomUUID?.() ?? Date.now()}`;
  dialog.setAttribute("aria-labelledby", heading.id);
  const about = make("p", "soft");
  const label = make("label", "", texts.name);
  const box = make("input", "");
  box.type = "text";
  box.autocomplete = "off";
  box.dir = "auto";
  label.append(box);
  const problem = make("p", "problem");
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  const send = make("button", "btn");
  send.type = "submit";
  const cancel = button("btn quiet", texts.cancel);
  const row = make("div", "row");
  row.append(send, cancel);
  form.append(heading, about, label, problem, row);
  dialog.append(form);
  parent.append(dialog);
  let kind = "new";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.hidden = true;
    model.send({ kind, name: box.value });
  });
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("mousedown", (event) => event.target === dialog && dialog.close());
  return {
    ask(which, value) {
      kind = which;
      heading.textContent = texts[`${which}_title`];
      about.textContent = texts[`${which}_about`];
      send.textContent = which === "new" ? texts.create : texts.save;
      box.value = value;
      problem.hidden = true;
      form.classList.remove("message-only");
      dialog.showModal();
      box.select();
    },
    tell(text) {
      problem.textContent = text;
      problem.hidden = false;
      if (!dialog.open) {
        form.classList.add("message-only"); // of a change from the menu: there is nothing to type
        heading.textContent = texts.project;
        about.textContent = "";
        dialog.showModal();
      }
    },
    close: () => dialog.close(),
    remove: () => dialog.remove(),
  };
}

export default { render };
