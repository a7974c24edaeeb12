// Passkeys: a form with data-passkey asks the browser for one (get) or has it make one (create), and then sends it.
const { create, get, supported } = window.webauthnJSON;

const optionsOf = async (form) => {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

const make = (options, alone) => {
  const wish = options.creation_options.publicKey.authenticatorSelection;
  wish.residentKey = alone ? "required" : "discouraged";
  wish.requireResidentKey = alone;
  if (alone) wish.userVerification = "required";
  return create(options.creation_options);
};

const say = (form, name) => {
  for (const line of form.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== name;
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  // Where it is one way of several, it stays hidden in a browser that cannot.
  if (supported()) form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!supported()) return say(form, "missing");
    const button = form.querySelector("button");
    say(form, "");
    button.disabled = true;
    try {
      const options = await optionsOf(form);
      const alone = Boolean(form.elements.passwordless?.checked);
      const found = form.dataset.passkey === "create" ? await make(options, alone) : await get(options.request_options);
      form.elements.credential.value = JSON.stringify(found);
      form.submit();
    } catch {
      // Also where the person changed their mind.
      say(form, "failed");
      button.disabled = false;
    }
  });
}
