import type { Inventory } from '../inventory/types';
import { breakingConfiguration } from './mesh/breaking-configuration';
import { defaultRevision } from './mesh/default-revision';
import { deprecatedConfiguration } from './mesh/deprecated-configuration';
import { gatewayApiVersion } from './mesh/gateway-api-version';
import { injectorWebhooks } from './mesh/injector-webhooks';
import { istioCrds } from './mesh/istio-crds';
import { orphanRevisions } from './mesh/orphan-revisions';
import { pendingRestart } from './mesh/pending-restart';
import { upgradeNotes } from './mesh/upgrade-notes';
import { validatingWebhook } from './mesh/validating-webhook';
import type { MeshCheck } from './types';

/** Checks of what people configured, and of what waits for a restart to heed it. */
export function configurationChecks(options: {
  inventory: Pick<Inventory, 'workloads'>;
}): MeshCheck[] {
  return [
    istioCrds(),
    gatewayApiVersion(),
    injectorWebhooks(),
    defaultRevision(),
    validatingWebhook(),
    orphanRevisions(),
    pendingRestart(options),
    breakingConfiguration(),
    deprecatedConfiguration(),
    upgradeNotes(),
  ];
}
