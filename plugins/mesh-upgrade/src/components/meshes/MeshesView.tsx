import { CodeSnippet } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Grid from '@material-ui/core/Grid';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress, useMessages } from '../../hooks';
import { ClusterTrouble, useFleet } from '../fleet';
import { FailurePanel, Invitation } from '../widgets';
import { MeshCard } from './MeshCard';
import { filterMeshes, MeshFilters } from './MeshFilters';
import { MeshTable } from './MeshTable';
import { MeshesSentence } from './MeshesSentence';
import { sortMeshes } from './meshSituation';

const EXAMPLE = `meshUpgrade:
  clusters:
    - name: production
      url: https://kubernetes.example.com
      token: \${KUBERNETES_TOKEN}
      mode: read`;

/** All meshes: which can be upgraded, and which need care. */
export function MeshesView() {
  const t = useMessages();
  const { meshes } = useFleet();
  const { params, change } = useAddress();

  if (meshes.loading) {
    return <MeshesSkeleton />;
  }
  if (!meshes.value) {
    return meshes.error ? (
      <FailurePanel
        title={t('meshes.failed')}
        error={meshes.error}
        onRetry={meshes.refresh}
      />
    ) : null;
  }
  if (meshes.value.length === 0) {
    return <NoMeshes />;
  }
  const shown = sortMeshes(filterMeshes(meshes.value, params, t));
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      <Box
        display="flex"
        justifyContent="space-between"
        alignItems="center"
        flexWrap="wrap"
        gridGap={8}
      >
        <MeshesSentence meshes={meshes.value} />
        <MeshFilters meshes={meshes.value} />
      </Box>
      {meshes.error && (
        <FailurePanel
          title={t('meshes.stale')}
          error={meshes.error}
          onRetry={meshes.refresh}
        />
      )}
      <ClusterTrouble />
      {shown.length === 0 ? (
        <Invitation title={t('meshes.noMatch')}>
          <Box textAlign="center">
            <Button
              onClick={() =>
                change({ q: undefined, cluster: undefined, state: undefined })
              }
            >
              {t('filter.clear')}
            </Button>
          </Box>
        </Invitation>
      ) : (
        <Meshes meshes={shown} table={params.get('view') === 'table'} />
      )}
    </Box>
  );
}

function Meshes(props: { meshes: MeshView[]; table: boolean }) {
  if (props.table) {
    return <MeshTable meshes={props.meshes} />;
  }
  return (
    <Grid container spacing={2}>
      {props.meshes.map(mesh => (
        <Grid item xs={12} md={6} lg={4} key={mesh.id}>
          <MeshCard mesh={mesh} />
        </Grid>
      ))}
    </Grid>
  );
}

function NoMeshes() {
  const t = useMessages();
  const { clusters } = useFleet();
  const known = clusters.value ?? [];
  if (known.length > 0) {
    return (
      <>
        <ClusterTrouble />
        <Invitation
          title={t('meshes.none')}
          text={t('meshes.noneText', {
            clusters: known.map(({ title }) => title).join(', '),
          })}
        />
      </>
    );
  }
  return (
    <Invitation title={t('clusters.none')} text={t('clusters.noneText')}>
      <CodeSnippet language="yaml" text={EXAMPLE} showCopyCodeButton />
    </Invitation>
  );
}

function MeshesSkeleton() {
  const t = useMessages();
  return (
    <Box aria-busy="true" aria-label={t('meshes.loading')}>
      <Typography variant="subtitle1">
        <Skeleton width={360} />
      </Typography>
      <Box mt={2}>
        <Grid container spacing={2}>
          {[0, 1, 2].map(index => (
            <Grid item xs={12} md={6} lg={4} key={index}>
              <Skeleton variant="rect" height={196} />
            </Grid>
          ))}
        </Grid>
      </Box>
    </Box>
  );
}
