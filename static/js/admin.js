// The admin's search fields say what they search for: Select2 gives its own controls no name.
"use strict";

function labelOf(select) {
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label && !label.id) label.id = `${select.id}_label`;
  return label;
}

// jQuery runs these in turn, so Select2, which asked first, has made its controls by then.
window.django?.jQuery?.(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = labelOf(select);
    const control = select.nextElementSibling?.querySelector(".select2-selection");
    if (!label || !control) continue;
    control.setAttribute("aria-labelledby", `${label.id} select2-${select.id}-container`);
    control.querySelector(".select2-selection__rendered")?.setAttribute("aria-labelledby", label.id);
  }
});

document.addEventListener("focusin", (event) => {
  if (!event.target.matches?.(".select2-search__field")) return;
  const select = document.querySelector(".select2-container--open")?.previousElementSibling;
  const label = select && labelOf(select);
  if (label) event.target.setAttribute("aria-labelledby", label.id);
});
