const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Gives an image of a registry over plain HTTP a second name there.
 *
 * @param from - e.g. `istio/pilot`
 */
export async function copyImage(
  registry: string,
  { from, to, tag }: { from: string; to: string; tag: string },
): Promise<void> {
  const at = (repository: string) => `http://${registry}/v2/${repository}`;
  const manifest = await (
    await send(`${at(from)}/manifests/${tag}`, {
      headers: { accept: MANIFEST },
    })
  ).text();
  const { config, layers } = JSON.parse(manifest);
  for (const { digest } of [config, ...layers]) {
    const mount = new URLSearchParams({ mount: digest, from });
    await send(`${at(to)}/blobs/uploads/?${mount}`, { method: 'POST' });
  }
  await send(`${at(to)}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': MANIFEST },
    body: manifest,
  });
}

async function send(url: string, options: RequestInit): Promise<Response> {
  const answer = await fetch(url, options);
  if (!answer.ok) {
    throw new Error(
      `${options.method ?? 'GET'} ${url}: ${
        answer.status
      } ${await answer.text()}`,
    );
  }
  return answer;
}
