// The service's own sign-in and sign-out, used from the app: the same forms, so that lock-out, the known
// device's cookie and the form token hold as they do on the web. Nothing here works without the network.

const ME = "/field/me";

/** What came in the way: code "offline", "portal", "wrong", "wait" (seconds), "no_field", "server". */
export class DoorShut extends Error {
  constructor(code, { seconds = 0 } = {}) {
    super(code);
    this.name = "DoorShut";
    this.code = code;
    this.seconds = seconds;
  }
}

async function ask(address, options = {}) {
  try {
    return await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new DoorShut("offline");
  }
}

/** Wait as the server says; a minute where it says nothing that can be read. */
function pause(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  return new DoorShut("wait", { seconds: seconds > 0 ? Math.ceil(seconds) : 60 });
}

/** The form token of this browser's session, and whether somebody is signed in. */
async function knock() {
  // Who is signed in already is sent on to a small page of theirs; both pages carry the token.
  const response = await ask("/sign-in?next=/account");
  if (response.status === 429) throw pause(response);
  if (response.status >= 500) throw new DoorShut("server");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector('input[name="csrf_token"]')?.value;
  // A page without a token is not ours: a hotspot's own page, most likely.
  if (!response.ok || !token) throw new DoorShut("portal");
  return { token, inside: new URL(response.url).pathname === "/account" };
}

function post(address, fields) {
  return ask(address, { method: "POST", body: new URLSearchParams(fields) });
}

/** The answer of /field/me as an object; null when the page is not ours or nobody is signed in. */
async function read(response) {
  if (!response.ok || !response.headers.has("X-Trucquan-Answer")) return null;
  try {
    const told = await response.json();
    return told?.person?.id ? told : null;
  } catch {
    return null;
  }
}

/** Why our service said no: "cut_off", "device" (the phone's id is another person's), else "no_field". */
async function reason(response) {
  if (!response.headers.has("X-Trucquan-Answer")) return response.status === 403 ? "no_field" : "portal";
  const told = await response.json().catch(() => null);
  return told?.error?.code ?? "no_field";
}

/**
 * Sign in and answer what the service tells of the person (/field/me). Throws DoorShut.
 * Whoever was signed in in this browser before is signed out by it, as on the web.
 */
export async function open(username, password) {
  const { token } = await knock();
  const response = await post("/sign-in", { csrf_token: token, username, password, next: ME });
  if (response.status === 429) throw pause(response);
  if (response.status === 422) throw new DoorShut("wrong");
  if (response.status === 403) throw new DoorShut("no_field");
  if (response.status >= 500) throw new DoorShut("server");
  const told = await read(response);
  if (!told) throw new DoorShut("portal");
  return told;
}

/** End the session at the service. Throws DoorShut when it cannot be reached: the session is open then. */
export async function close() {
  const { token, inside } = await knock();
  if (!inside) return;
  const response = await post("/sign-out", { csrf_token: token });
  if (!response.ok) throw new DoorShut("server");
}

/**
 * What the service knows of whoever is signed in, told which phone this is.
 * @returns {Promise<object>} the answer of /field/me. Throws DoorShut, with code "sign_in" when nobody is.
 */
export async function me(device) {
  const address = device ? `${ME}?device=${encodeURIComponent(device)}` : ME;
  const response = await ask(address, { headers: { Accept: "application/json" } });
  if (response.status === 401) throw new DoorShut("sign_in");
  if (response.status === 429) throw pause(response);
  if (response.status >= 500) throw new DoorShut("server");
  if (response.status === 403 || response.status === 409) throw new DoorShut(await reason(response));
  const told = await read(response);
  if (told) return told;
  // Sent on to the sign-in page of our own service: nobody is signed in. Anything else is not our service.
  const ours = response.redirected && new URL(response.url).pathname === "/sign-in";
  throw new DoorShut(ours && new URL(response.url).origin === location.origin ? "sign_in" : "portal");
}

/** Whether anybody is signed in in this browser; true as well where it cannot be told. */
export async function somebody() {
  try {
    const response = await ask("/field/here", { headers: { Accept: "application/json" } });
    return (await response.json()).here !== false;
  } catch {
    return true; // whoever asks next is told what came in the way
  }
}
