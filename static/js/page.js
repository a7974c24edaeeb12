// Small courtesies for each page; all of them work without.
// A summary of errors takes the focus, so that it is the first thing read aloud.
document.querySelector("[data-takes-focus]")?.focus();
// A menu closes when one clicks elsewhere or presses Escape.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
// The token of a link in an e-mail does not stay in the address bar: whoever has it may use it.
if (document.querySelector("[data-hides-address]")) history.replaceState(null, "", "/");
// A button for printing, where there is something to print with.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
