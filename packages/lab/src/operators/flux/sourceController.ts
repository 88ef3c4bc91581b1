import { OCI_REPOSITORIES } from '../../kubernetes/resources';
import type { OciRepository } from '../../kubernetes/types';
import type { Operator } from '../Operator';
import { fluxStatus } from './conditions';

/** A registry that had nothing is asked again this often. */
const RETRY_MS = 2000;
const DEFAULT_TAG = 'latest';

/** Flux's source-controller: finds the artifact that an OCIRepository names. */
export const ociSourceController: Operator<OciRepository> = {
  maker: 'flux',
  resource: OCI_REPOSITORIES,
  async reconcile(cluster, repository) {
    const { url, ref } = repository.spec;
    const version = ref?.tag ?? DEFAULT_TAG;
    const digest = await cluster.charts.digest({ url, version });
    const now = cluster.now();
    if (digest === undefined) {
      await cluster.writeStatus(OCI_REPOSITORIES, repository, {
        ...repository.status,
        ...fluxStatus(
          repository,
          {
            ready: 'False',
            reason: 'OCIArtifactPullFailed',
            message: `failed to determine artifact digest: GET ${url.replace(
              /^oci:\/\//,
              '',
            )}: MANIFEST_UNKNOWN: manifest unknown; map[Tag:${version}]`,
          },
          now,
        ),
      });
      return RETRY_MS;
    }
    const revision = `${version}@${digest}`;
    await cluster.writeStatus(OCI_REPOSITORIES, repository, {
      ...repository.status,
      ...fluxStatus(
        repository,
        {
          ready: 'True',
          reason: 'Succeeded',
          message: `stored artifact for digest '${revision}'`,
        },
        now,
      ),
      artifact: { revision, digest },
    });
    return undefined;
  },
};
