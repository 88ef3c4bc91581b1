import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MISSING_PREREQUISITE, TestbedError } from './errors.mjs';
import { IMAGE_NAMES, IMAGE_TAGS, tinyImage } from './images.mjs';
import { poll } from './poll.mjs';
import { assertRunning } from './processes.mjs';
import { runCommand } from './run-command.mjs';

/** The registry comes from the operating system; without it nothing should be started at all. */
export async function assertRegistryInstalled() {
  try {
    await runCommand('docker-registry', ['--version']);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new TestbedError(
      'the OCI registry is missing: apt-get install -y docker-registry',
      { exitCode: MISSING_PREREQUISITE },
    );
  }
}

/** Starts the OCI registry, without authentication, and returns its `host:port`. */
export async function startRegistry({ directory, allocatePort, start }) {
  const address = `127.0.0.1:${await allocatePort()}`;
  const file = join(directory, 'registry.json');
  await writeFile(
    file,
    JSON.stringify({
      version: '0.1',
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: join(directory, 'registry') },
        delete: { enabled: true },
      },
      http: { addr: address },
    }),
  );
  const registry = await start('registry', 'docker-registry', ['serve', file]);
  await poll('OCI registry answering', async () => {
    assertRunning(registry);
    return (await fetch(`http://${address}/v2/`)).ok || undefined;
  });
  return address;
}

export async function pushImages(address) {
  for (const name of IMAGE_NAMES) {
    for (const tag of IMAGE_TAGS)
      await pushImage({ address, name, tag, image: tinyImage({ name, tag }) });
  }
}

/** Pushes what `tinyImage` and `imageOfLayer` make. */
export async function pushImage({ address, name, tag, image }) {
  const repository = `http://${address}/v2/${name}`;
  const { blobs, manifests, index } = image;
  for (const { bytes, descriptor } of blobs) {
    const upload = await send(`${repository}/blobs/uploads/`, {
      method: 'POST',
    });
    const location = new URL(upload.headers.get('location'), repository);
    location.searchParams.set('digest', descriptor.digest);
    await send(location, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
  for (const manifest of manifests)
    await putManifest(repository, manifest.descriptor.digest, manifest);
  await putManifest(repository, tag, index);
}

function putManifest(repository, reference, { bytes, descriptor }) {
  return send(`${repository}/manifests/${reference}`, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': descriptor.mediaType },
  });
}

async function send(url, options) {
  const response = await fetch(url, options);
  const body = await response.text();
  if (!response.ok)
    throw new TestbedError(
      `registry: ${options.method} ${url}: ${response.status} ${body}`,
    );
  return response;
}
