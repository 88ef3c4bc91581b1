import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export const IMAGE_NAMES = [
  'istio/pilot',
  'istio/proxyv2',
  'istio/install-cni',
  'istio/ztunnel',
];

/** Two supported minors, their neighbours, a pre-release, a variant, a customised family and a moving tag. */
export const IMAGE_TAGS = [
  '1.28.6',
  '1.29.4',
  '1.30.2',
  '1.30.3',
  '1.30.3-distroless',
  '1.30.3-mspider',
  '1.31.0-rc.0',
  '1.31.1',
  'latest',
];

const PLATFORMS = ['amd64', 'arm64'];
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

function describe(mediaType, content) {
  const bytes = Buffer.isBuffer(content)
    ? content
    : Buffer.from(JSON.stringify(content));
  return {
    bytes,
    descriptor: {
      mediaType,
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      size: bytes.length,
    },
  };
}

/** An image for linux/amd64 of one layer, an uncompressed tar archive; `config` is what containers inherit, such as Entrypoint. */
export function imageOfLayer({ layer, config }) {
  const content = describe('application/vnd.oci.image.layer.v1.tar', layer);
  const described = describe('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [content.descriptor.digest] },
  });
  const index = describe(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: described.descriptor,
    layers: [content.descriptor],
  });
  return { blobs: [content, described], manifests: [], index };
}

/** An image without content for linux/amd64 and linux/arm64: `blobs`, then `manifests`, then `index` are to be pushed. */
export function tinyImage({ name, tag }) {
  // An empty tar archive is two blocks of zeros.
  const archive = Buffer.alloc(1024);
  const diffId = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  const layer = describe(
    'application/vnd.oci.image.layer.v1.tar+gzip',
    gzipSync(archive),
  );
  const blobs = [layer];
  const manifests = [];
  for (const architecture of PLATFORMS) {
    const config = describe('application/vnd.oci.image.config.v1+json', {
      architecture,
      os: 'linux',
      config: {
        Labels: {
          'org.opencontainers.image.title': name,
          'org.opencontainers.image.version': tag,
        },
      },
      rootfs: { type: 'layers', diff_ids: [diffId] },
    });
    blobs.push(config);
    const manifest = describe(MANIFEST, {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: config.descriptor,
      layers: [layer.descriptor],
    });
    manifest.descriptor.platform = { os: 'linux', architecture };
    manifests.push(manifest);
  }
  const index = describe(INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: manifests.map(({ descriptor }) => descriptor),
  });
  return { blobs, manifests, index };
}
