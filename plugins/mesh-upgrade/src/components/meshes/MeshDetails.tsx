import { useParams } from 'react-router-dom';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Divider from '@material-ui/core/Divider';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import Skeleton from '@material-ui/lab/Skeleton';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { MESH_CHANGES, useAddress, useLive, useMessages } from '../../hooks';
import { ClusterTrouble } from '../fleet';
import { LeftoversTab, useLeftovers } from '../leftovers';
import { RunHistory } from '../runs';
import { SidecarList } from '../sidecars';
import { FailurePanel } from '../widgets';
import { MeshHeader } from './MeshHeader';
import { MeshOverview } from './MeshOverview';

/** One mesh: what it consists of, its sidecars and its past upgrades. */
export function MeshDetails() {
  const { id = '' } = useParams();
  return <MeshPanel key={id} id={id} />;
}

/** A mesh that keeps itself up to date; has no shell of its own. */
export function MeshPanel(props: { id: string }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const mesh = useLive(
    props.id,
    () => api.getMesh(props.id),
    5_000,
    MESH_CHANGES,
  );
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {mesh.error && (
        <FailurePanel
          title={
            mesh.value ? t('mesh.stale') : t('mesh.failed', { name: props.id })
          }
          error={mesh.error}
          onRetry={mesh.refresh}
        />
      )}
      {mesh.loading && <MeshSkeleton />}
      {mesh.value && (
        <>
          <MeshHeader mesh={mesh.value} />
          <MeshTabs mesh={mesh.value} />
        </>
      )}
    </Box>
  );
}

const TABS = ['overview', 'sidecars', 'upgrades', 'leftovers'] as const;

function MeshTabs(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const { params } = useAddress();
  const tab = TABS.find(one => one === params.get('tab')) ?? 'overview';
  const leftovers = useLeftovers(mesh.id);
  const left = leftovers.value?.items.length ?? 0;
  // Nobody has to know the word while there are none.
  const tabs = TABS.filter(
    one => one !== 'leftovers' || left > 0 || tab === 'leftovers',
  );
  const behind = mesh.sidecars.outdatedWorkloads;
  const labels = {
    overview: t('mesh.tab.overview'),
    sidecars:
      behind > 0
        ? t('page.sidecarsOutdated', { count: behind })
        : t('page.sidecars'),
    upgrades: t('page.upgrades'),
    leftovers:
      left > 0 ? t('leftovers.tab', { count: left }) : t('leftovers.title'),
  };
  return (
    <>
      <Box>
        <Tabs
          value={tab}
          indicatorColor="primary"
          textColor="primary"
          component="nav"
          aria-label={t('mesh.tab.all', { name: mesh.name })}
        >
          {tabs.map(one => (
            <Tab
              key={one}
              component={Link}
              to={one === 'overview' ? '?' : `?tab=${one}`}
              value={one}
              label={labels[one]}
            />
          ))}
        </Tabs>
        <Divider />
      </Box>
      {tab === 'overview' && <MeshOverview mesh={mesh} />}
      {tab === 'sidecars' && (
        <>
          <ClusterTrouble
            quiet
            only={mesh.clusters.map(({ cluster }) => cluster)}
          />
          <SidecarList
            scope={{ mesh: [mesh.id] }}
            emptyText={t('mesh.noWorkloads')}
          />
        </>
      )}
      {tab === 'upgrades' && <RunHistory mesh={mesh.id} />}
      {tab === 'leftovers' && (
        <LeftoversTab mesh={mesh} leftovers={leftovers} />
      )}
    </>
  );
}

function MeshSkeleton() {
  const t = useMessages();
  return (
    <Box aria-busy="true" aria-label={t('mesh.loading')}>
      <Skeleton width={280} height={48} />
      <Skeleton width={420} />
      <Box mt={2} mb={3}>
        <Skeleton variant="rect" width={360} height={40} />
      </Box>
      {[96, 160, 160].map((height, index) => (
        <Box key={index} mb={3}>
          <Skeleton width={160} height={32} />
          <Skeleton variant="rect" height={height} />
        </Box>
      ))}
    </Box>
  );
}
