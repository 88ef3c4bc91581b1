import { InputError, toError } from '@backstage/errors';
import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { parseImage } from '../../inventory/rules/image';
import type { RegistryImage } from '../registry/readImage';
import {
  MirroredRegistry,
  type RegistryMirror,
} from '../sources/MirroredRegistry';
import type {
  ImageAnswer,
  ImageComponent,
  ImageQuestion,
  VersionedMesh,
} from '../types';

/** What a registry holds under a tag; undefined when nothing. */
export interface ImageReader {
  image(
    repository: string,
    tag: string,
    options?: { labels?: boolean; signal?: AbortSignal },
  ): Promise<RegistryImage | undefined>;
}

/** A hub and tag that the control planes of a mesh would be pulled by. */
interface ImageLocation {
  hub: string;
  tag: string;
}

/**
 * Asks for the images of a version where the control planes' images are from,
 * and in the variant they have, e.g. `-distroless`: an upgrade changes the
 * version, not these.
 *
 * @throws InputError when the version is none.
 */
export async function imagesOf(
  mesh: VersionedMesh,
  version: string,
  options: ImageQuestion & {
    reader: ImageReader;
    mirrors: readonly RegistryMirror[];
  },
): Promise<ImageAnswer[]> {
  if (!parseIstioVersion(version)) {
    throw new InputError(`'${version}' is not a version of Istio`);
  }
  const locations = locationsOf(mesh, version);
  const { components } = options;
  if (locations.length === 0) {
    return components.map(component => unlocated(component, version));
  }
  return Promise.all(
    locations.flatMap(location =>
      components.map(component => ask(component, location, options)),
    ),
  );
}

function locationsOf(mesh: VersionedMesh, version: string): ImageLocation[] {
  const images = mesh.clusters
    .flatMap(({ controlPlanes }) => controlPlanes)
    .map(({ image }) => parseImage(image));
  const locations = mesh.hubs.flatMap(hub => {
    const variants = images
      .filter(image => image.hub === hub)
      .map(image => parseIstioVersion(image.tag ?? '')?.variant);
    return (variants.length > 0 ? variants : [undefined]).map(variant => ({
      hub,
      tag: variant ? `${version}-${variant}` : version,
    }));
  });
  const unique = new Map(
    locations.map(each => [`${each.hub}:${each.tag}`, each]),
  );
  return [...unique.values()];
}

async function ask(
  component: ImageComponent,
  { hub, tag }: ImageLocation,
  options: ImageQuestion & {
    reader: ImageReader;
    mirrors: readonly RegistryMirror[];
  },
): Promise<ImageAnswer> {
  const { reader, mirrors, signal } = options;
  const repository = `${hub}/${component}`;
  const answer = {
    component,
    image: `${repository}:${tag}`,
    platforms: [],
    labels: {},
    source: repository,
  };
  try {
    const { value, address } = await MirroredRegistry.create(mirrors).ask(
      repository,
      // Only a proxy can be prepared for something, and labels cost requests.
      each =>
        reader.image(each, tag, { labels: component === 'proxyv2', signal }),
    );
    return value
      ? { ...answer, ...value, state: 'present', source: address }
      : {
          ...answer,
          state: 'absent',
          source: address,
          reason: `${address} holds no ${tag}`,
        };
  } catch (error) {
    return { ...answer, state: 'unknown', reason: toError(error).message };
  }
}

function unlocated(component: ImageComponent, version: string): ImageAnswer {
  return {
    component,
    image: `${component}:${version}`,
    state: 'unknown',
    platforms: [],
    labels: {},
    source: '',
    reason:
      'No control plane of the mesh tells where its images are from, so no registry can be asked',
  };
}
