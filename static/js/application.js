// An application is kept as a draft by itself while one writes. Optional: the button "Keep as a draft" does the same.
// What the page says is in its own HTML (data attributes), so that it is in the reader's language.

const begun = document.querySelector("form[data-autosave]");
if (begun) keepAsDraft(begun);

function keepAsDraft(form) {
  const PAUSE = 1500; // after the last key, before keeping
  const AGAIN = 15000; // after a try that failed

  const status = form.querySelector("[data-status]");
  let waiting = 0;
  let unsaved = false;
  let isSent = false;
  let running = false;

  const say = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };

  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, delay);
  };

  async function keep(closing) {
    if (running || isSent || !unsaved) return; // One at a time; what is written meanwhile goes with the next.
    running = true;
    unsaved = false;
    let next = PAUSE;
    try {
      const reply = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        redirect: "manual",
        // Without it a save dies with the page; with it, a body may hold 64 KiB, so only the last one asks for it.
        keepalive: closing === true,
      });
      const isSignedOut = reply.type === "opaqueredirect" || reply.status === 403;
      if (!isSignedOut && ![200, 409].includes(reply.status)) throw new Error(reply.status);
      const words = isSignedOut ? status.dataset.signedOut : (await reply.json()).message;
      if (!unsaved) say(words);
    } catch {
      unsaved = true;
      next = AGAIN;
      say(status.dataset.notSaved);
    }
    running = false;
    if (unsaved) soon(next);
  }

  form.addEventListener("input", () => {
    unsaved = true;
    say(status.dataset.writing);
    soon(PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(true);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(waiting);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isSent = false;
  });
  // In a field of one line Enter would send what is not finished.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
}
