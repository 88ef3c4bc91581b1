import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import {
  meshRouteRef,
  meshUpgradeRouteRef,
  sidecarUpgradeRouteRef,
} from '../../routes';
import { selectionToQuery } from '../sidecars/selectionAddress';

/** Leads a run that did not reach its end to the wizard again, with what is left of it. */
export function RetryButton(props: { run: RunView }) {
  const t = useMessages();
  const to = useRetryAddress(props.run);
  return to ? (
    <LinkButton to={to} variant="outlined" size="small" color="primary">
      {props.run.state === 'failed' ? t('run.retry') : t('run.rest')}
    </LinkButton>
  ) : null;
}

/** Undefined when nothing is left of the run. */
function useRetryAddress(run: RunView): string | undefined {
  const meshLink = useRouteRef(meshRouteRef);
  const meshUpgradeLink = useRouteRef(meshUpgradeRouteRef);
  const sidecarUpgradeLink = useRouteRef(sidecarUpgradeRouteRef);
  if (run.state !== 'failed' && run.state !== 'stopped') {
    return undefined;
  }
  if (run.kind === 'sidecars') {
    const workloads = run.steps
      .filter(({ state }) => state !== 'succeeded')
      .flatMap(({ workload }) => workload ?? []);
    return workloads.length > 0
      ? `${sidecarUpgradeLink()}?${selectionToQuery(workloads)}&retryOf=${
          run.id
        }`
      : undefined;
  }
  if (run.meshId === undefined) {
    return undefined;
  }
  if (run.kind === 'leftovers') {
    return `${meshLink({ id: run.meshId })}?tab=leftovers`;
  }
  const query = new URLSearchParams({
    step: 'environment',
    version: run.targetVersion,
    retryOf: run.id,
    ...(run.returnOf && { returnOf: run.returnOf }),
  });
  return `${meshUpgradeLink({ id: run.meshId })}?${query}`;
}
