import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { LastUpgrade } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { runRouteRef } from '../../routes';
import { RelativeTime, StatusLabel } from '../widgets';

/** How and when a workload was last upgraded from here; leads to that upgrade. */
export function LastUpgradeLink(props: { last: LastUpgrade }) {
  const { runId, outcome, targetVersion, endedAt } = props.last;
  const t = useMessages();
  const runLink = useRouteRef(runRouteRef);
  return (
    <>
      <StatusLabel
        tone={outcome === 'succeeded' ? 'good' : 'bad'}
        text={targetVersion}
        detail={t(`run.state.${outcome}`)}
      />{' '}
      <Link to={runLink({ id: runId })}>
        <RelativeTime at={endedAt} />
      </Link>
    </>
  );
}
