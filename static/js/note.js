// A note of thanks: saves by itself while one writes; a button to print; a button to copy. All of it is optional: the
// buttons of the page save without it. What is said stands in the page's own HTML, in its reader's language.

const PAUSE = 1500; // after the last key, before saving
const PATIENCE = [5000, 10000, 20000, 40000, 60000]; // between tries that failed

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const copying = document.querySelector("[data-copy]");
if (copying) {
  const words = copying.querySelector("textarea");
  const button = copying.querySelector("[data-copy-button]");
  const status = copying.querySelector("[data-copied]");
  words.select();
  button.hidden = false;
  button.addEventListener("click", async () => {
    words.select();
    try {
      await navigator.clipboard.writeText(words.value);
      status.textContent = status.dataset.copied;
    } catch {
      status.textContent = status.dataset.notCopied;
    }
  });
}

const form = document.querySelector("form[data-note]");
if (form) write(form);

function write(form) {
  const box = form.querySelector("textarea");
  const status = form.querySelector("[data-status]");
  const version = form.elements.version;
  const notice = form.querySelector("[data-overtaken]");
  let unsaved = "unsaved" in form.dataset;
  let running = null;
  let timer = 0;
  let failures = 0;
  let other = null; // the draft as it was saved elsewhere, until its writer chooses
  let leaving = false;

  const soon = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };

  const failed = (words) => {
    unsaved = true;
    status.textContent = words;
    soon(PATIENCE[Math.min(failures++, PATIENCE.length - 1)]);
  };

  // Signed in anew elsewhere, the token of this page's form is out of date: the page as it is now has a new one.
  const renew = async () => {
    const reply = await fetch(location.href, { redirect: "manual" });
    if (reply.type === "opaqueredirect") return false;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("form[data-note]");
    if (fresh?.dataset.writer !== form.dataset.writer) return false;
    form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    return true;
  };

  const post = (closing) =>
    fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      redirect: "manual",
      keepalive: Boolean(closing),
    });

  const send = async (closing) => {
    const words = box.value;
    unsaved = false;
    try {
      let reply = await post(closing);
      if (reply.type === "opaqueredirect" || reply.status === 403) {
        if (!(await renew())) return failed(status.dataset.signedOut);
        reply = await post(closing);
      }
      if (![200, 409, 422].includes(reply.status)) throw new Error(reply.status);
      const said = await reply.json();
      failures = 0;
      if (said.state === "overtaken") {
        unsaved = true;
        other = said;
        notice.querySelector("[data-overtaken-words]").textContent = said.message;
        notice.querySelector("[data-overtaken-text]").textContent = said.text;
        notice.hidden = false;
        status.textContent = "";
      } else if (said.state === "refused") {
        unsaved = true;
        status.textContent = said.message;
      } else {
        version.value = said.version;
        if (box.value === words) status.textContent = said.message;
      }
    } catch {
      failed(status.dataset.notSaved);
    }
  };

  // One at a time, in order.
  async function save(closing) {
    clearTimeout(timer);
    if (other) return;
    if (running) await running;
    if (!unsaved) return;
    running = send(closing === true);
    await running;
    running = null;
  }

  box.addEventListener("input", () => {
    unsaved = true;
    failures = 0;
    if (other) return;
    status.textContent = status.dataset.writing;
    soon(PAUSE);
  });

  const choose = (mine) => {
    version.value = other.version;
    if (!mine) box.value = other.text;
    unsaved = mine;
    other = null;
    notice.hidden = true;
    if (mine) save();
    box.focus();
  };
  form.querySelector("[data-use-other]").addEventListener("click", () => choose(false));
  form.querySelector("[data-keep-mine]").addEventListener("click", () => choose(true));

  for (const back of ["online", "focus"]) {
    window.addEventListener(back, () => unsaved && failures && save());
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved && !leaving) save(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });
  // A link of ours is followed once the words are safe.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !unsaved || leaving || other || event.defaultPrevented) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.hash || link.target) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });
  // A save under way first: else the button would meet a newer draft than the one it knows.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      await running;
      return form.requestSubmit(event.submitter);
    }
    leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
}
