"use strict";
// Asks the browser's authenticator for a signature over the page's challenge, or for a new passkey; the form then sends what it gave.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const base64url = (buffer) => base64(buffer).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (ids) => ids.map((id) => ({ type: "public-key", id: bytes(id) }));
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const button = form.querySelector("button");
  const said = form.querySelector("[role=status]");
  const fill = (name, value) => { form.elements[name].value = value; };

  async function sign() {
    const { challenge, domain, credentials } = form.dataset;
    const made = await navigator.credentials.get({ publicKey: {
      challenge: bytes(challenge), rpId: domain, userVerification: "required", timeout: 300000,
      allowCredentials: listed(credentials.split(" ").filter(Boolean)),
    } });
    fill("authenticator_data", base64(made.response.authenticatorData));
    fill("client_data", base64(made.response.clientDataJSON));
    fill("signature", base64(made.response.signature));
  }

  async function add() {
    const options = JSON.parse(document.getElementById("options").textContent);
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed((options.excludeCredentials || []).map((known) => known.id));
    const made = await navigator.credentials.create({ publicKey: options });
    fill("credential", JSON.stringify({
      id: made.id, rawId: made.id, type: made.type, clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(made.response.clientDataJSON),
        attestationObject: base64url(made.response.attestationObject),
      },
    }));
  }

  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "Waiting for your authenticator.";
    try {
      await (form.dataset.passkey === "sign" ? sign() : add());
    } catch (fault) {
      said.textContent = `Nothing was signed or sent (${fault.name}). You may try again.`;
      return;
    }
    form.submit();
  });
})();
