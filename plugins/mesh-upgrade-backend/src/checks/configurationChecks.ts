import { breakingConfiguration } from './mesh/breaking-configuration';
import { defaultRevision } from './mesh/default-revision';
import { deprecatedConfiguration } from './mesh/deprecated-configuration';
import { gatewayApiVersion } from './mesh/gateway-api-version';
import { injectorWebhooks } from './mesh/injector-webhooks';
import { istioCrds } from './mesh/istio-crds';
import { orphanRevisions } from './mesh/orphan-revisions';
import { upgradeNotes } from './mesh/upgrade-notes';
import { validatingWebhook } from './mesh/validating-webhook';
import type { MeshCheck } from './types';

/** Checks of what people configured, rather than of what runs. */
export function configurationChecks(): MeshCheck[] {
  return [
    istioCrds(),
    gatewayApiVersion(),
    injectorWebhooks(),
    defaultRevision(),
    validatingWebhook(),
    orphanRevisions(),
    breakingConfiguration(),
    deprecatedConfiguration(),
    upgradeNotes(),
  ];
}
