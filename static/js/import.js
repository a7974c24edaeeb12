// How far an import is: asked for every two seconds, and the page anew once it has come to an end. Without it there is a link.
"use strict";

const place = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(place.dataset.progress, { headers: { Accept: "text/html" } });
    if (answer.status !== 200 || answer.redirected) return location.reload();
    place.innerHTML = await answer.text();
  } catch {
    // The line is down: it is asked again.
  }
  setTimeout(look, 2000);
}

if (place) setTimeout(look, 1000);
