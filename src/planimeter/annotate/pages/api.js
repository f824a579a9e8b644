// Talking to the server. The page's own address holds the secret, and everything lies below it.

const base = location.pathname.replace(/\/+$/, "");

/** The address of something below this page. */
export function address(path) {
  return `${base}/${path}`;
}

/** Send a request; its JSON, or an Error whose message is a sentence for people. */
export async function call(method, path, body, keepalive = false) {
  const options = { method, keepalive, headers: {} };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let reply;
  try {
    reply = await fetch(address(path), options);
  } catch {
    const error = new Error("The server cannot be reached. What you marked stays here; try again in a moment.");
    error.offline = true;
    throw error;
  }
  const said = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(said.error || `The server answered with status ${reply.status}.`);
  return said;
}
