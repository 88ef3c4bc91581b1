import { startLab } from '@internal/lab';
import { ClusterClient } from '../plugins/mesh-upgrade-backend/src/clusters';
import { CONFIG_MAPS } from './objects';
import type { Caller, Platform } from './Platform';

const CLUSTER = 'payments';

const TOKENS: Record<Caller, string> = {
  admin: `lab-${CLUSTER}`,
  reader: `lab-${CLUSTER}-read`,
  stranger: 'nobody',
};

/** A lab of its own; its cluster `payments` has Istio installed by Helm, as the testbed has. */
export async function startLabPlatform(): Promise<Platform> {
  const lab = await startLab({ port: 0 });
  return {
    name: 'lab',
    connect: (caller, options) =>
      ClusterClient.create({
        cluster: CLUSTER,
        settings: {
          url: `${lab.url}/clusters/${CLUSTER}`,
          token: { value: TOKENS[caller] },
        },
        ...options,
      }),
    expiredContinueToken: async () =>
      Buffer.from(JSON.stringify({ id: '1000000', start: 2 })).toString(
        'base64url',
      ),
    youngResource: CONFIG_MAPS,
    stop: () => lab.stop(),
  };
}
