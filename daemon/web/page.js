// Parts of `page`: requests to voltd, drafts, the code in the address.

/// Sends a request to voltd. Resolves to `{status, body, etag, retry}` and never throws. Status 0: no answer.
/// Options: `body` (sent as JSON), `match` (an ETag), `timeout` (ms), `quiet` (a 401 opens nothing).
export function asker(refused) {
  return (method, path, options) => {
    const given = options || {};
    const stop = typeof AbortController === 'function' ? new AbortController() : null;
    const headers = { Accept: 'application/json' };
    if (method !== 'GET') headers['X-Voltd'] = '1';
    if (method !== 'GET' || given.body !== undefined) headers['Content-Type'] = 'application/json';
    if (given.match) headers['If-Match'] = given.match;
    const request = { method, headers, credentials: 'same-origin', cache: 'no-store' };
    if (method !== 'GET') request.body = given.body === undefined ? undefined : JSON.stringify(given.body);
    if (stop) request.signal = stop.signal;
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => {
        if (stop) stop.abort();
        resolve({ status: 0, body: null, etag: null, retry: 0 });
      }, given.timeout || 10000);
    });
    const answer = window.fetch(path, request).then(read).catch(() => ({ status: 0, body: null, etag: null, retry: 0 }));
    return Promise.race([answer, late]).then((reply) => {
      clearTimeout(timer);
      if (reply.status === 401 && !given.quiet) refused();
      return reply;
    });
  };
}

function read(response) {
  return response.text().then((raw) => {
    let body = raw;
    const json = /json/.test(response.headers.get('Content-Type') || '');
    if (json && raw !== '') {
      try {
        body = JSON.parse(raw);
      } catch (garbled) {
        return { status: 0, body: null, etag: null, retry: 0 };
      }
    }
    return { status: response.status, body, etag: response.headers.get('ETag'), retry: Number(response.headers.get('Retry-After')) || 0 };
  });
}

/// Returns the sentence of a rejection: voltd's own, or null.
export function refusal(reply) {
  return reply.body && typeof reply.body === 'object' && typeof reply.body.error === 'string' ? reply.body.error : null;
}

const prefix = 'draft/';

/// Stores typed but unsaved text by row. It survives a reload and a sign-in.
export function drafts(store) {
  return {
    load(key) {
      try {
        return JSON.parse(store.get(prefix + key)) || null;
      } catch (garbled) {
        return null;
      }
    },
    save: (key, value) => store.set(prefix + key, JSON.stringify(value)),
    drop: (key) => store.drop(prefix + key),
    keys: () => store.keys().filter((key) => key.indexOf(prefix) === 0).map((key) => key.slice(prefix.length)),
  };
}

/// Returns the sign-in code of the address (`/#K7QX4M2P`) and removes it from the address at once, or returns null.
export function take_code(window) {
  const found = /^#([2-9A-HJKMNP-Za-hjkmnp-z]{8})$/.exec(window.location.hash);
  return found ? found[1].toUpperCase() : null;
}
