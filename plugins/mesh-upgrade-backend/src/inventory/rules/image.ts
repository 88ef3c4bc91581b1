import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** A container image reference taken apart. */
export interface ImageRef {
  /** Everything before the last part of the name, e.g. `docker.io/istio`; empty without one. */
  hub: string;
  /** Last part of the name, e.g. `pilot`. */
  name: string;
  tag?: string;
  digest?: string;
}

/** Reads `hub/name[:tag][@digest]`; a port in the hub is not a tag. */
export function parseImage(image: string): ImageRef {
  const [reference, digest] = image.split('@', 2);
  const slash = reference.lastIndexOf('/');
  const [name, tag] = reference.slice(slash + 1).split(':', 2);
  return {
    hub: slash < 0 ? '' : reference.slice(0, slash),
    name,
    tag: tag || undefined,
    digest: digest || undefined,
  };
}

/** Whether istiod replaces the image of a proxy container by the one it injects. */
export function isFilledInByIstiod(image: string): boolean {
  return parseImage(image).name === 'auto';
}

/** The version a tag stands for, e.g. `1.30.3` for `1.30.3-distroless`: a variant is no other version. */
export function versionOfTag(tag: string): string | undefined {
  const version = parseIstioVersion(tag);
  if (!version) {
    return undefined;
  }
  const bare = tag.replace(/^v/, '');
  return version.variant ? bare.replace(`-${version.variant}`, '') : bare;
}

/** Undefined for an image with a digest only, or with a tag that is no version such as `latest`. */
export function versionOfImage(image: string | undefined): string | undefined {
  const tag = image === undefined ? undefined : parseImage(image).tag;
  return tag === undefined ? undefined : versionOfTag(tag);
}
