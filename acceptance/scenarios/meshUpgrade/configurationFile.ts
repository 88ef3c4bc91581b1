import type { World } from '../../World';
import { clusterOf, registryOf, renderedSettings } from './clusterState';
import { CONFIGURATION, JOBS, SECOND } from './facts';

/** The file that the second cluster was installed with, as its owner would keep it. */
export async function putConfiguration(world: World): Promise<void> {
  const cluster = clusterOf(world, SECOND);
  const { injector } = await renderedSettings(cluster);
  const webhook = injector!.replace(/\/inject.*$/, '');
  const file = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: {
      profile: 'minimal',
      hub: `${await registryOf(cluster)}/istio`,
      meshConfig: { accessLogFile: '/dev/stdout' },
      values: {
        global: { meshID: 'testbed' },
        istiodRemote: { injectionURL: `${webhook}/inject` },
        base: { validationURL: `${webhook}/validate` },
      },
    },
  };
  await cluster.post(`/api/v1/namespaces/${JOBS}/configmaps`, {
    metadata: { name: CONFIGURATION.name },
    data: { [CONFIGURATION.key]: JSON.stringify(file) },
  });
}
