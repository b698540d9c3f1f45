// Reading the store's API. An answer is kept with its ETag: what has not changed is not sent again, and is known to be the same.

/** An answer that takes longer than this is taken for none. */
const PATIENCE = 15_000;

/** Whole lists; details and searches come and go, and are not worth keeping. */
const kept = new Map();

/** Without a name and password that the page's own address may bear: fetch() refuses those. */
const base = new URL(location.pathname, location.origin);
export const address = (path) => new URL(path, base).href;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * The answer to GET `path`, parsed. The same object as the last time when nothing changed.
 * @param {string} path relative, so that the board works below any prefix
 * @param {{keep?: boolean, signal?: AbortSignal}} [how]
 */
export async function read(path, {keep = false, signal} = {}) {
  const before = keep ? kept.get(path) : undefined;
  const answer = await fetch(address(path), {
    headers: before?.etag ? {"If-None-Match": before.etag} : {},
    cache: "no-store",
    signal: signal ?? AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 304 && before) {
    return before.value;
  }
  const value = await parsed(answer);
  if (keep) {
    kept.set(path, {etag: answer.headers.get("ETag"), value});
  }
  return value;
}

async function parsed(answer) {
  const body = await answer.json().catch(() => null);
  if (!answer.ok || body === null) {
    throw new ApiError(answer.status, body?.error ?? `the store answered ${answer.status}`);
  }
  return body;
}

/** All pages of the list `path`, whose rows are under `key`. */
export async function readAll(path, key) {
  const rows = [];
  let next = null;
  do {
    const page = await read(next ? `${path}&cursor=${encodeURIComponent(next)}` : path, {keep: true});
    rows.push(...page[key]);
    next = page.next;
  } while (next);
  return rows;
}

/** /health says more than its status: 503 with a body is an answer. */
export async function readHealth() {
  const answer = await fetch(address("health"), {cache: "no-store", signal: AbortSignal.timeout(PATIENCE)});
  const body = await answer.json().catch(() => null);
  if (typeof body?.status !== "string") {
    throw new ApiError(answer.status, body?.error ?? `the store answered ${answer.status}`);
  }
  return body;
}
