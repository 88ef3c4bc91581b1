import { useApi } from '@backstage/frontend-plugin-api';
import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type {
  RunSummary,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages } from '../../hooks';
import { ClusterTrouble, FleetProvider } from '../fleet';
import { RunTable } from '../runs';
import { SidecarList } from '../sidecars';
import { summariseSidecars } from '../sidecars/sidecarSummary';
import { Deadline } from './Deadline';
import { useEntitySidecars } from './useEntitySidecars';

/** With more workloads than this the history of each is only in its drawer. */
const MOST_HISTORIES = 10;

/** A Component's own workloads: how current their sidecars are, and the way to upgrade them. */
export function EntitySidecarsContent() {
  return (
    <FleetProvider>
      <OwnWorkloads />
    </FleetProvider>
  );
}

function OwnWorkloads() {
  const t = useMessages();
  const { owner, workloads } = useEntitySidecars();
  const items = workloads.value?.items;
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {items && items.length > 0 && <Sentence workloads={items} />}
      <ClusterTrouble
        quiet
        only={[...new Set(items?.map(({ cluster }) => cluster))]}
      />
      <Accordion variant="outlined">
        <AccordionSummary expandIcon={<ExpandMore />}>
          <Typography variant="body2">{t('entity.whatIsThis')}</Typography>
        </AccordionSummary>
        <AccordionDetails>
          <Typography variant="body2">{t('entity.explanation')}</Typography>
        </AccordionDetails>
      </Accordion>
      <SidecarList scope={{ owner }} emptyText={t('entity.noneText')} />
      {items && items.length > 0 && items.length <= MOST_HISTORIES && (
        <History ids={items.map(({ id }) => id)} />
      )}
    </Box>
  );
}

function Sentence(props: { workloads: WorkloadView[] }) {
  const { workloads } = props;
  const t = useMessages();
  const clusters = new Set(workloads.map(({ cluster }) => cluster)).size;
  const { outdated, oldest } = summariseSidecars(workloads);
  return (
    <Box>
      <Typography variant="subtitle1" component="p">
        {t('entity.runsOn', {
          count: workloads.length,
          clusters: t('entity.clusters', { count: clusters }),
        })}{' '}
        {outdated.length > 0
          ? t('entity.outdated', { count: outdated.length })
          : t('entity.noneOutdated')}
      </Typography>
      {outdated.length > 0 && oldest && <Deadline version={oldest} />}
    </Box>
  );
}

function History(props: { ids: string[] }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const runs = useLive(
    props.ids.join(),
    async () => {
      const lists = await Promise.all(
        props.ids.map(workload => api.listRuns({ workload, limit: 10 })),
      );
      const byId = new Map<string, RunSummary>(
        lists.flatMap(({ items }) => items).map(run => [run.id, run]),
      );
      return [...byId.values()];
    },
    15_000,
    ['runs'],
  );
  return (
    <Box component="section">
      <Typography variant="h6" component="h3" gutterBottom>
        {t('workload.upgrades')}
      </Typography>
      <RunTable runs={runs} />
    </Box>
  );
}
