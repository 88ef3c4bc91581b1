import type { ReactNode } from 'react';
import { useParams } from 'react-router-dom';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { MESH_CHANGES, useLive, useMessages } from '../../hooks';
import { sidecarsRouteRef } from '../../routes';
import { RunTable } from '../runs';
import { FailurePanel, StatusLabel, SupportLabel } from '../widgets';
import { ClusterTable } from './ClusterTable';
import { ComponentTable } from './ComponentTable';
import { MeshUpgradeButton } from './MeshUpgradeButton';
import { MeshVersion } from './MeshVersion';
import { ProxyCensus } from './ProxyCensus';
import { RevisionTable } from './RevisionTable';
import { RunningUpgrade } from './RunningUpgrade';
import { meshStatusText, meshTone } from './meshSituation';

/** One mesh: its clusters, its components and revisions, how it was installed and its past upgrades. */
export function MeshDetails() {
  const { id = '' } = useParams();
  return <LiveMesh key={id} id={id} />;
}

function LiveMesh(props: { id: string }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const mesh = useLive(
    props.id,
    () => api.getMesh(props.id),
    5_000,
    MESH_CHANGES,
  );
  return (
    <>
      {mesh.error && (
        <FailurePanel
          title={t('mesh.failed', { name: props.id })}
          error={mesh.error}
          onRetry={mesh.refresh}
        />
      )}
      {mesh.loading && <Skeleton variant="rect" height={400} />}
      {mesh.value && <Sections mesh={mesh.value} />}
    </>
  );
}

function Sections(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const sidecarsLink = useRouteRef(sidecarsRouteRef);
  const runs = useLive(
    `runs ${mesh.id}`,
    () => api.listRuns({ mesh: mesh.id, limit: 20 }),
    10_000,
    ['runs'],
  );
  const { sidecars, install } = mesh;
  return (
    <Box display="flex" flexDirection="column" gridGap={24}>
      <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={16}>
        <Typography variant="h4" component="h2">
          {mesh.name}
        </Typography>
        <StatusLabel tone={meshTone(mesh)} text={meshStatusText(mesh, t)} />
        <MeshVersion mesh={mesh} />
        <SupportLabel support={mesh.support} />
        <Box flexGrow={1} />
        <MeshUpgradeButton mesh={mesh} size="medium" />
      </Box>
      {mesh.status !== 'running' &&
        mesh.reasons.map(reason => (
          <Typography key={reason}>{reason}</Typography>
        ))}
      {mesh.activeRun && <RunningUpgrade run={mesh.activeRun} />}
      <Section title={t('mesh.clusters')}>
        <ClusterTable clusters={mesh.clusters} />
      </Section>
      <Section title={t('mesh.components')}>
        <ComponentTable mesh={mesh} />
      </Section>
      {mesh.revisions.length + mesh.tags.length > 0 && (
        <Section title={t('mesh.revisions')}>
          <RevisionTable revisions={mesh.revisions} tags={mesh.tags} />
        </Section>
      )}
      <Section title={t('page.sidecars')}>
        <Typography>
          {t('mesh.sidecarCensus', {
            current: `${sidecars.current}`,
            total: `${sidecars.total}`,
            workloads: `${sidecars.workloads}`,
          })}{' '}
          <Link
            to={`${sidecarsLink()}?${new URLSearchParams({
              mesh: mesh.id,
              ...(sidecars.outdatedWorkloads > 0 && { outdated: 'true' }),
            })}`}
          >
            {sidecars.outdatedWorkloads > 0
              ? t('mesh.showOutdated', { count: sidecars.outdatedWorkloads })
              : t('mesh.showSidecars')}
          </Link>
        </Typography>
        <ProxyCensus mesh={mesh} />
      </Section>
      <Section title={t('mesh.installation')}>
        <Typography>{t(`mesh.install.${install.method}`)}</Typography>
        {install.evidence.map(line => (
          <Typography key={line} variant="body2" color="textSecondary">
            {line}
          </Typography>
        ))}
      </Section>
      <Section title={t('page.upgrades')}>
        <RunTable runs={runs} />
      </Section>
    </Box>
  );
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <Box component="section">
      <Typography variant="h6" component="h3" gutterBottom>
        {props.title}
      </Typography>
      {props.children}
    </Box>
  );
}
