// The page of a question: saves by itself while one writes. Everything here is optional; the buttons save without it.
// What the page says is in its own HTML (data attributes), so that it is in the reader's language.

const PAUSE = 1500; // after the last key, before saving
const PATIENCE = [5000, 10000, 20000, 40000, 60000]; // between tries that failed
const SILENCE = 20000; // a line that was lost may never say so: after this long, a try has failed

const form = document.querySelector("form[data-writer]");
if (form) write(form);

const byHand = document.querySelector("form[data-by-hand]");
if (byHand) keepByHand(byHand);

const printing = document.querySelector("[data-print]");
if (printing) {
  printing.hidden = false;
  printing.addEventListener("click", () => window.print());
}

function write(form) {
  const boxes = [...form.querySelectorAll("textarea")]; // a before and an after are two
  let box = boxes[0]; // the one that is written in
  const status = form.querySelector("[data-status]");
  const version = form.elements.version;
  const next = form.querySelector("[data-next]");
  const address = form.dataset.autosave; // none for a finished reflection: there, nothing is replaced by itself

  let unsaved = "unsaved" in form.dataset; // something differs from what the server has
  let running = null; // the save under way
  let waiting = 0; // the timer of the next one
  let failures = 0;
  let leaving = false;

  const say = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };

  const written = () => boxes.map((each) => each.value).join("\n\0\n");
  for (const each of boxes) each.addEventListener("focus", () => (box = each));

  // --- Saving ---

  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, delay);
  };

  const changed = () => {
    unsaved = true;
    failures = 0;
    if (!address) return;
    say(status.dataset.writing);
    soon(PAUSE);
  };

  const failed = (words) => {
    say(words);
    soon(PATIENCE[Math.min(failures++, PATIENCE.length - 1)]);
  };

  const post = (closing) => {
    const body = new FormData(form);
    // Without `keepalive` a save dies with the page; with it, a body may hold 64 KiB, so only the last one asks for it.
    const options = { method: "POST", body, redirect: "manual", keepalive: Boolean(closing) };
    return fetch(address, { ...options, signal: AbortSignal.timeout(SILENCE) });
  };

  // The session ended, or was begun anew elsewhere: the token of this page's form is then out of date. The page as it is
  // made now has a new one. It is taken only when the same person is signed in.
  const renew = async () => {
    const reply = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(SILENCE) });
    if (reply.type === "opaqueredirect") return "signedOut";
    if (!reply.ok) throw new Error(reply.status);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("form[data-writer]");
    if (fresh?.dataset.writer !== form.dataset.writer) return "someoneElse";
    form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    return "";
  };

  const send = async (closing) => {
    const words = written();
    unsaved = false;
    let reply;
    try {
      reply = await post(closing);
      if (reply.type === "opaqueredirect" || reply.status === 403) {
        unsaved = true;
        const trouble = await renew();
        if (trouble) return failed(status.dataset[trouble]);
        unsaved = false;
        reply = await post(closing);
      }
      if (![200, 409, 422].includes(reply.status)) throw new Error(reply.status);
      const said = await reply.json();
      if (said.state === "overtaken") {
        unsaved = true;
        overtaken(said);
      } else if (said.state === "refused") {
        unsaved = true; // until it is changed, or a button says what is to be done
        say(said.message);
      } else {
        version.value = said.version;
        failures = 0;
        if (written() === words && !unsaved) say(said.message);
      }
    } catch {
      unsaved = true;
      failed(status.dataset.notSaved);
    }
  };

  // One at a time, in order; what was written meanwhile goes with the next.
  async function save(closing) {
    clearTimeout(waiting);
    if (!address || notice?.hidden === false) return;
    if (running) {
      await running;
      if (!unsaved) return;
    }
    running = send(closing === true);
    await running;
    running = null;
  }

  // --- Saved elsewhere meanwhile: both texts stay in sight until their writer chooses ---

  const notice = form.querySelector("[data-overtaken]");
  let other = null;

  const overtaken = (said) => {
    other = said;
    notice.querySelector("[data-overtaken-words]").textContent = said.message;
    notice.querySelector("[data-overtaken-text]").textContent = said.whole;
    notice.hidden = false;
    say("");
  };

  form.querySelector("[data-use-other]").addEventListener("click", (event) => {
    if (!other) {
      leaving = true; // shown by the server: the link asks for the page with the other text
      return;
    }
    event.preventDefault();
    version.value = other.version;
    for (const each of boxes) each.value = other[each.name];
    unsaved = false;
    notice.hidden = true;
    box.focus();
  });

  form.querySelector("[data-keep-mine]").addEventListener("click", (event) => {
    if (!other) return;
    event.preventDefault();
    version.value = other.version;
    notice.hidden = true;
    changed();
    save();
    box.focus();
  });

  // --- What starts a save ---

  form.addEventListener("input", changed);

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved && !leaving) save(true);
  });
  for (const back of ["online", "focus"]) {
    window.addEventListener(back, () => unsaved && failures && save());
  }

  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });

  // A link of ours is followed once the words are safe.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !unsaved || leaving || !address || event.defaultPrevented) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.hash || link.target) return;
    event.preventDefault();
    await save();
    location.assign(link.href); // asks first where it could not be saved
  });

  // Where saving failed a moment ago, a button would lead to a page that cannot show the words either: it waits for them.
  form.addEventListener("submit", async (event) => {
    clearTimeout(waiting);
    if (address && failures && notice?.hidden !== false) {
      event.preventDefault();
      unsaved = true;
      await save();
      if (failures) return;
      return form.requestSubmit(event.submitter);
    }
    leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // In a choice, Enter would press the first button of the page, which is not the one that goes on.
    if (event.ctrlKey || event.metaKey || event.target.matches("input")) {
      event.preventDefault();
      form.requestSubmit(next);
    }
  });

  // --- What was kept, into the answer ---

  for (const add of document.querySelectorAll("[data-add]")) {
    add.hidden = false;
    add.addEventListener("click", () => {
      const words = add.closest("article").querySelector("[data-words]").innerText;
      box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${words}` : words;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
  }

  // --- Another way in: the next cue, and what lies there, without leaving the page ---

  form.querySelector("[data-next-cue]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const cues = [...form.querySelectorAll("[data-cue]")];
    const now = cues.findIndex((cue) => !cue.hidden);
    const next = cues[(now + 1) % cues.length];
    cues[now].hidden = true;
    next.hidden = false;
    form.elements.cue.value = next.dataset.cue;
    for (const beside of document.querySelectorAll("[data-cue-beside]")) {
      beside.hidden = beside.dataset.cueBeside !== next.dataset.cue;
    }
  });

  for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;
}

// A form that is kept by its buttons alone, since half a word names no value. Where the line is lost, its words stay on
// the page, and the button that was pressed goes on by itself once the line is back.
function keepByHand(form) {
  const status = form.querySelector("[data-status]");
  let changed = false;
  let waiting = 0;

  form.addEventListener("input", () => (changed = true));
  window.addEventListener("beforeunload", (event) => changed && event.preventDefault());
  window.addEventListener("pageshow", (event) => event.persisted && (changed = false));

  const isThere = async () => {
    try {
      await fetch(location.href, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(SILENCE) });
      return true;
    } catch {
      return false;
    }
  };

  let goesOn = false;
  let failures = 0;
  let pressed = null; // the button that waits
  const tryAgain = () => form.requestSubmit(pressed);
  form.addEventListener("submit", async (event) => {
    if (goesOn) return;
    event.preventDefault();
    clearTimeout(waiting);
    const button = event.submitter;
    if (await isThere()) {
      goesOn = true;
      changed = false;
      form.requestSubmit(button);
      goesOn = false;
      return;
    }
    if (status) status.textContent = status.dataset.notSaved;
    pressed = button;
    waiting = setTimeout(tryAgain, PATIENCE[Math.min(failures++, PATIENCE.length - 1)]);
  });
  window.addEventListener("online", () => pressed && tryAgain());

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault(); // the first button of the page might let a value go
    form.requestSubmit(form.querySelector('[value="add"]'));
  });
}
