// A mentee can be dragged onto another mentor, or onto another mentee to swap the two: it opens the page that says what
// would change, as the choice beside each pair does. Without this file nothing is missing.
"use strict";

const board = document.querySelector("[data-move]");
let moved = null;

function cardOf(target) {
  return target.closest?.(".match");
}

// Onto the mentor's half: that mentor. Onto the mentee's, or anywhere else on the card: a swap, if the pair is not locked.
function wanted(card, target) {
  if (!card || !moved || card === moved || !card.dataset.mentor) return null;
  if (target.closest("[data-side]")?.dataset.side === "mentor") return `m${card.dataset.mentor}`;
  return card.dataset.mentee ? `s${card.dataset.mentee}` : null;
}

function letGo() {
  for (const each of document.querySelectorAll(".is-moved, .is-under")) each.classList.remove("is-moved", "is-under");
  moved = null;
}

if (board) {
  for (const card of document.querySelectorAll("[data-mentee]")) {
    const person = card.querySelector('[data-side="mentee"], .person');
    person.draggable = true;
    person.dataset.drags = "";
  }
  document.addEventListener("dragstart", (event) => {
    // By the name, which is a link, as well.
    if (!event.target.closest?.("[data-drags]")) return;
    moved = cardOf(event.target);
    moved.classList.add("is-moved");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", moved.dataset.mentee);
  });
  document.addEventListener("dragover", (event) => {
    const card = cardOf(event.target);
    for (const each of document.querySelectorAll(".is-under")) each.classList.remove("is-under");
    if (!wanted(card, event.target)) return;
    event.preventDefault();
    (event.target.closest('[data-side="mentor"]') ?? card).classList.add("is-under");
  });
  document.addEventListener("drop", (event) => {
    const to = wanted(cardOf(event.target), event.target);
    if (!to) return letGo();
    event.preventDefault();
    const query = new URLSearchParams({ mentee: moved.dataset.mentee, to, asked: board.dataset.asked });
    letGo();
    location.assign(`${board.dataset.move}?${query}`);
  });
  document.addEventListener("dragend", letGo);
}
