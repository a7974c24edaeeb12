// One line for later, from any page: a link to the form opens it here, and so does Alt+Shift+K. What is kept goes to the
// server as the form would send it, but the page stays as it is, with whatever is half written on it. Without script the
// link leads to the form on a page of its own.

const box = document.querySelector("dialog[data-keep]");
if (box?.showModal) keep(box);

function keep(box) {
  const form = box.querySelector("form");
  const line = form.elements.text;
  const trouble = form.querySelector("[data-trouble]");
  const told = box.querySelector("[data-told]");
  const messages = told.querySelector("[data-messages]");
  let changed = false; // something was kept, or undone, since the page was made
  let busy = false;

  const show = (isTold) => {
    form.hidden = isTold;
    told.hidden = !isTold;
    trouble.hidden = true;
    (isTold ? told.querySelector("[data-close]") : line).focus();
  };

  const open = () => {
    if (box.open) return;
    box.showModal();
    show(false);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-keep-line]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  // Two modifiers, so that no letter alone does anything (WCAG 2.1.4). On some keyboards they change the letter.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
    const isK = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() === "k" : event.code === "KeyK";
    if (!isK || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });

  for (const button of box.querySelectorAll("[data-close]")) button.addEventListener("click", () => box.close());
  box.addEventListener("close", () => {
    // What lists moments is made anew, unless something is half written there.
    const written = [...document.querySelectorAll("main textarea")].some((field) => field.value !== field.defaultValue);
    if (changed && !written && document.querySelector("[data-lists-moments]")) location.reload();
  });

  // The forms in here: the line itself, and the one that undoes it.
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = event.target;
    if (busy) return;
    busy = true;
    try {
      const reply = await fetch(sent.action, { method: "POST", body: new FormData(sent) });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const said = page.querySelector("[data-kept-or-not]");
      if (!reply.ok || !said) return sent.submit(); // that page knows what is wrong, and has the words
      changed = true;
      messages.replaceChildren(document.importNode(said, true));
      if (sent === form) line.value = "";
      show(true);
    } catch {
      trouble.textContent = trouble.dataset.trouble;
      trouble.hidden = false;
    } finally {
      busy = false;
    }
  });
}
