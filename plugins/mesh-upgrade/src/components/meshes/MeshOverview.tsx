import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { ClusterTable } from './ClusterTable';
import { ComponentTable } from './ComponentTable';
import { Installation } from './Installation';
import { ProxyCensus } from './ProxyCensus';
import { RevisionTable } from './RevisionTable';

/** What a mesh consists of, and which versions run. */
export function MeshOverview(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const { current, total, workloads, outdatedWorkloads } = mesh.sidecars;
  return (
    <Box display="flex" flexDirection="column" gridGap={24}>
      <Section title={t('page.sidecars')}>
        <Typography>
          {total === 0
            ? t('mesh.noSidecars')
            : t('mesh.sidecarCensus', {
                current: `${current}`,
                total: `${total}`,
                workloads: `${workloads}`,
              })}{' '}
          {workloads > 0 && (
            <Link
              to={
                outdatedWorkloads > 0
                  ? '?tab=sidecars&outdated=true'
                  : '?tab=sidecars'
              }
            >
              {outdatedWorkloads > 0
                ? t('mesh.showOutdated', { count: outdatedWorkloads })
                : t('mesh.showSidecars')}
            </Link>
          )}
        </Typography>
        <ProxyCensus mesh={mesh} />
      </Section>
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
      <Section title={t('mesh.installation')}>
        <Installation mesh={mesh} />
      </Section>
    </Box>
  );
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <Box component="section" aria-label={props.title}>
      <Typography variant="h6" component="h3" gutterBottom>
        {props.title}
      </Typography>
      {props.children}
    </Box>
  );
}
