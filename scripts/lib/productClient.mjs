const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Token of a person of the demo catalog, as the browser gets it.
 *
 * @param {string} url address of the backend
 * @param {string} user name in the catalog, e.g. `ada`
 * @returns {Promise<string>}
 */
export async function signIn(url, user) {
  const response = await fetch(`${url}/api/auth/lab/refresh`, {
    headers: { 'x-lab-user': user, 'x-requested-with': 'XMLHttpRequest' },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!response.ok) {
    throw new Error(
      `Sign-in as ${user} was answered ${
        response.status
      }: ${await response.text()}`,
    );
  }
  const { backstageIdentity } = await response.json();
  return backstageIdentity.token;
}

/**
 * One request to the plugin's API.
 *
 * @param {string} url address of the backend
 * @param {{ path: string, token: string, method?: string, body?: unknown, timeoutMs?: number }} request
 *   `path` follows `/api/mesh-upgrade`
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function callApi(
  url,
  { path, token, method = 'GET', body, timeoutMs = REQUEST_TIMEOUT_MS },
) {
  const response = await fetch(`${url}/api/mesh-upgrade${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    throw new Error(
      `${method} ${path} was answered ${
        response.status
      } and no JSON: ${text.slice(0, 200)}`,
    );
  }
}
