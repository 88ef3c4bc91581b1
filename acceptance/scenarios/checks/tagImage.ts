const INDEX = 'application/vnd.oci.image.index.v1+json';

/**
 * Gives an image of a registry over plain HTTP one more tag.
 *
 * @param image - e.g. `127.0.0.1:5000/istio/pilot:1.30.3`
 */
export async function tagImage(image: string, tag: string): Promise<void> {
  const [, registry, repository, from] =
    /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  const manifests = `http://${registry}/v2/${repository}/manifests`;
  const source = await fetch(`${manifests}/${from}`, {
    headers: { accept: INDEX },
  });
  const answer = source.ok
    ? await fetch(`${manifests}/${tag}`, {
        method: 'PUT',
        headers: { 'content-type': INDEX },
        body: await source.text(),
      })
    : source;
  if (!answer.ok) {
    throw new Error(
      `${image} could not be tagged ${tag}: ${
        answer.status
      } ${await answer.text()}`,
    );
  }
}
