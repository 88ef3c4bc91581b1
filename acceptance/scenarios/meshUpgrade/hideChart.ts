const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Takes a version of a chart out of a registry over plain HTTP.
 *
 * @param chart - e.g. `127.0.0.1:5000/charts/istiod`
 * @returns puts it back
 */
export async function hideChart(
  chart: string,
  version: string,
): Promise<() => Promise<void>> {
  const [, registry, repository] = /^([^/]+)\/(.+)$/.exec(chart) ?? [];
  const manifests = `http://${registry}/v2/${repository}/manifests`;
  const found = await send(`${manifests}/${version}`, {
    headers: { accept: MANIFEST },
  });
  const body = await found.text();
  const digest = found.headers.get('docker-content-digest');
  await send(`${manifests}/${digest}`, { method: 'DELETE' });
  return async () => {
    await send(`${manifests}/${version}`, {
      method: 'PUT',
      headers: { 'content-type': MANIFEST },
      body,
    });
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.ok) {
    throw new Error(
      `${init.method ?? 'GET'} ${url} was answered ${
        answer.status
      }: ${await answer.text()}`,
    );
  }
  return answer;
}
