// Passkeys: hands the page's challenge to the browser and puts its answer into the form.
const bytes = (text) => {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
};
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function answered(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function used(form) {
  const asked = JSON.parse(form.dataset.passkey).publicKey;
  asked.challenge = bytes(asked.challenge);
  if (asked.user) {
    asked.user.id = bytes(asked.user.id);
    asked.excludeCredentials = known(asked.excludeCredentials);
    return navigator.credentials.create({ publicKey: asked });
  }
  asked.allowCredentials = known(asked.allowCredentials);
  return navigator.credentials.get({ publicKey: asked });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    const field = form.elements.namedItem("passkey");
    if (field.value) return;
    event.preventDefault();
    try {
      field.value = JSON.stringify(answered(await used(form)));
      form.submit();
    } catch {
      form.querySelector("[data-passkey-failed]").hidden = false;
    }
  });
}
