import { createHash } from 'node:crypto';
import { tagsOf, type TagChanges } from './repositories';

const PLATFORMS = ['amd64', 'arm64'];

/** A document of the registry with the digest it is known by. */
export interface Document {
  mediaType: string;
  digest: string;
  text: string;
}

/** The image index behind a tag or digest, or one platform's manifest behind its digest. */
export function findManifest(
  repository: string,
  reference: string,
  changes: TagChanges & { missingPlatforms?: string[] } = {},
): Document | undefined {
  const tags = tagsOf(repository, changes) ?? [];
  const platforms = PLATFORMS.filter(
    platform => !changes.missingPlatforms?.includes(platform),
  );
  if (tags.includes(reference)) {
    return indexOf(repository, reference, platforms);
  }
  return tags
    .flatMap(tag => [
      indexOf(repository, tag, platforms),
      ...platforms.map(platform => manifestOf(repository, tag, platform)),
    ])
    .find(({ digest }) => digest === reference);
}

/** The configuration of an image behind its digest. */
export function findBlob(
  repository: string,
  digest: string,
): Document | undefined {
  return (tagsOf(repository) ?? [])
    .flatMap(tag => PLATFORMS.map(each => configOf(repository, tag, each)))
    .find(document => document.digest === digest);
}

/** The tag that an image names, or that its digest stands for; `undefined` for an unknown digest. */
export function tagOfImage(image: string): string | undefined {
  const [name, digest] = image.split('@');
  if (!digest) {
    return /:([^:/]+)$/.exec(name)?.[1];
  }
  const repository = name.split('/').slice(1).join('/');
  return tagsOf(repository)?.find(
    tag => indexOf(repository, tag).digest === digest,
  );
}

function documentOf(mediaType: string, content: object): Document {
  const text = JSON.stringify(content);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { mediaType, digest, text };
}

function descriptor({ mediaType, digest, text }: Document) {
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function configOf(repository: string, tag: string, architecture: string) {
  return documentOf('application/vnd.oci.image.config.v1+json', {
    architecture,
    os: 'linux',
    config: { Labels: { 'org.opencontainers.image.version': tag, repository } },
    rootfs: { type: 'layers', diff_ids: [] },
  });
}

function manifestOf(repository: string, tag: string, architecture: string) {
  return documentOf('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor(configOf(repository, tag, architecture)),
    layers: [],
  });
}

function indexOf(
  repository: string,
  tag: string,
  platforms = PLATFORMS,
): Document {
  return documentOf('application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: platforms.map(architecture => ({
      ...descriptor(manifestOf(repository, tag, architecture)),
      platform: { architecture, os: 'linux' },
    })),
  });
}
