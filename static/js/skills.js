// Skills as chips, with names of the program's list suggested while one types. Without this, one writes them on lines.
// What the page says is in its own HTML (data attributes), so that it is in the reader's language.

for (const words of document.querySelectorAll("[data-without-script]")) words.hidden = true;

const whole = document.querySelector("form[data-skills-at]");
for (const picker of whole?.querySelectorAll("[data-skill-picker]") ?? []) pick(picker, whole.dataset.skillsAt);

function pick(picker, address) {
  const PAUSE = 180; // after the last key, before asking for names
  const MOST = Number(picker.dataset.most);
  const box = picker.querySelector("textarea");
  const field = box.closest(".field");
  const words = picker.dataset;
  // A name that has a comma itself stands on a line of its own.
  const apart = box.value.includes("\n") ? "\n" : /[,;]/;
  let names = [...new Set(box.value.split(apart).map(tidy).filter(Boolean))];
  const isNew = new Set();
  let asking = null;
  let waiting = 0;

  // --- What is made beside the box, which holds the truth and is sent ---

  const entry = document.createElement("input");
  entry.className = "input";
  entry.id = box.id; // so that the label, and the error above the form, lead here
  entry.autocomplete = "off";
  entry.maxLength = 80;
  entry.enterKeyHint = "done";
  entry.setAttribute("aria-describedby", box.getAttribute("aria-describedby") ?? "");
  if (box.getAttribute("aria-invalid")) entry.setAttribute("aria-invalid", "true");
  const add = button(words.add, "btn btn-quiet");
  const line = element("div", "row skill-entry");
  line.append(entry, add);
  const chosen = element("ul", "chips");
  const suggested = element("div", "chips");
  suggested.setAttribute("role", "group");
  suggested.setAttribute("aria-label", words.suggested);
  const said = element("p", "soft small");
  said.setAttribute("role", "status");
  box.hidden = true;
  box.removeAttribute("id");
  field.append(chosen, line, suggested, said);
  picker.querySelector("[data-new-names]")?.remove();

  function button(text, look) {
    const made = element("button", look);
    made.type = "button";
    made.textContent = text;
    return made;
  }

  function element(name, look) {
    const made = document.createElement(name);
    made.className = look;
    return made;
  }

  function tidy(text) {
    return text.trim().replace(/\s+/g, " ");
  }

  function has(name) {
    return names.some((one) => one.toLowerCase() === name.toLowerCase());
  }

  // --- Choosing ---

  function show() {
    chosen.replaceChildren(
      ...names.map((name) => {
        const item = element("li", "");
        const off = button("", `chip skill${isNew.has(name) ? " skill-new" : ""}`);
        const label = document.createElement("span");
        label.textContent = name;
        const times = element("span", "soft");
        times.textContent = "×";
        times.setAttribute("aria-hidden", "true");
        off.append(label, times);
        off.setAttribute("aria-label", `${words.takeOff}: ${name}`);
        off.addEventListener("click", () => {
          names = names.filter((one) => one !== name);
          changed();
          entry.focus();
        });
        item.append(off);
        return item;
      }),
    );
    chosen.hidden = !names.length;
    const fresh = names.filter((name) => isNew.has(name));
    if (names.length >= MOST) say(words.full);
    else say(fresh.length ? `${words.isNew}: ${fresh.join(", ")}` : "");
  }

  function say(text) {
    if (said.textContent !== text) said.textContent = text;
    said.hidden = !text;
  }

  function changed() {
    box.value = names.join("\n");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  async function choose(name) {
    name = tidy(name);
    entry.value = "";
    suggested.replaceChildren();
    if (!name || has(name) || names.length >= MOST) return;
    names.push(name);
    changed();
    await look(name);
    ask("");
  }

  // --- Names of the list ---

  async function fetched(typed, options) {
    const reply = await fetch(`${address}?q=${encodeURIComponent(typed)}`, options);
    if (!reply.ok) throw new Error(reply.status);
    return reply.json();
  }

  // Whether a name is on the list: where it is not, the page says that it is proposed.
  async function look(name) {
    try {
      if ((await fetched(name)).new.length) isNew.add(name);
      show();
    } catch {
      // The server says so when it is sent.
    }
  }

  async function ask(typed) {
    asking?.abort();
    asking = new AbortController();
    try {
      const { names: found } = await fetched(typed, { signal: asking.signal });
      suggested.replaceChildren(
        ...found
          .filter((name) => !has(name))
          .map((name) => {
            const made = button(`+ ${name}`, "chip skill-suggested");
            made.addEventListener("click", () => {
              choose(name);
              entry.focus();
            });
            return made;
          }),
      );
    } catch {
      // Without suggestions one goes on writing.
    }
  }

  entry.addEventListener("input", (event) => {
    event.stopPropagation(); // Nothing is chosen yet.
    clearTimeout(waiting);
    if (/[,;]$/.test(entry.value)) return choose(entry.value.slice(0, -1));
    waiting = setTimeout(() => ask(tidy(entry.value)), PAUSE);
  });
  entry.addEventListener("focus", () => suggested.childElementCount || ask(tidy(entry.value)));
  entry.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      choose(entry.value);
    }
    if (event.key === "Backspace" && !entry.value && names.length) {
      names.pop();
      changed();
    }
  });
  add.addEventListener("click", () => {
    choose(entry.value);
    entry.focus();
  });

  // What was typed and not added is meant too.
  whole.addEventListener("submit", () => {
    const name = tidy(entry.value);
    if (name && !has(name)) box.value = [...names, name].join("\n");
  });

  show();
  for (const name of names) look(name);
}
