const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Splits `registry/name:tag` or `registry/name@digest`; undefined when the image is not of this registry. */
export function imageOf(image, registry) {
  if (!image.startsWith(`${registry}/`)) return undefined;
  const [, name, digest, tag] = /^(.+?)(?:@(.+)|:([^/:]+))?$/.exec(
    image.slice(registry.length + 1),
  );
  return { name, reference: digest ?? tag ?? 'latest' };
}

/** Why the testbed's registry cannot serve the image, in words like the kubelet's. Images of other registries count as there. */
export async function missingImage(image, registry) {
  const found = imageOf(image, registry);
  if (!found) return undefined;
  const url = `http://${registry}/v2/${found.name}/manifests/${found.reference}`;
  const response = await fetch(url, {
    method: 'HEAD',
    headers: { accept: MANIFEST_TYPES.join(', ') },
  });
  return response.ok
    ? undefined
    : `failed to pull image "${image}": registry answered ${response.status}`;
}
