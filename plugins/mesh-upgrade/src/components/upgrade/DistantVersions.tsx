import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import ArrowForward from '@material-ui/icons/ArrowForward';
import type {
  RefusedVersion,
  TargetVersions,
  UpgradeHop,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { SupportLabel } from '../widgets';
import { ClusterVerdicts } from './ClusterVerdicts';

/** Versions that are reached by way of others: the newest of each minor, with every stop. */
export function DistantVersions(props: {
  versions: TargetVersions;
  onChoose(version: string): void;
}) {
  const { versions, onChoose } = props;
  const t = useMessages();
  const distant = newestOfEachMinor(versions.refused);
  if (distant.length === 0) {
    return null;
  }
  return (
    <Box component="section" aria-label={t('target.distant')}>
      <Typography component="h3" variant="subtitle2" gutterBottom>
        {t('target.distant')}
      </Typography>
      {distant.map(({ version, reason, hops }) => (
        <Paper
          key={version}
          variant="outlined"
          style={{ padding: 16, marginBottom: 8 }}
        >
          <Typography variant="h6" component="h4">
            {version}
          </Typography>
          <Typography variant="body2" color="textSecondary" gutterBottom>
            {reason}
          </Typography>
          <Way from={versions.current} hops={hops} />
          <Button
            size="small"
            variant="outlined"
            onClick={() => onChoose(hops[0].version)}
          >
            {t('target.firstStop', { version: hops[0].version })}
          </Button>
        </Paper>
      ))}
    </Box>
  );
}

function Way(props: { from?: string; hops: UpgradeHop[] }) {
  const { from, hops } = props;
  const t = useMessages();
  return (
    <Box
      component="ol"
      display="grid"
      gridGap={16}
      m={0}
      mb={1}
      p={0}
      style={{
        listStyle: 'none',
        gridTemplateColumns: `auto repeat(${hops.length}, minmax(0, 1fr))`,
      }}
    >
      <Typography component="li">{from ?? t('unknown')}</Typography>
      {hops.map(({ version, kubernetes, support, clusters }) => (
        <Box key={version} component="li" display="flex" gridGap={12}>
          <ArrowForward aria-hidden fontSize="small" />
          <Box>
            <Typography>{version}</Typography>
            <Typography variant="body2" color="textSecondary">
              {kubernetes
                ? t('target.kubernetes', kubernetes)
                : t('target.kubernetesUnknown')}
            </Typography>
            <Box>
              <SupportLabel support={support} />
            </Box>
            <ClusterVerdicts clusters={clusters} />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

type DistantVersion = RefusedVersion & { hops: UpgradeHop[] };

/** The list comes newest first, so the first of a minor is its newest. */
function newestOfEachMinor(refused: RefusedVersion[]): DistantVersion[] {
  const minors = new Map<string, DistantVersion>();
  for (const one of refused) {
    const last = one.hops?.at(-1);
    if (one.hops && last && !minors.has(last.minor)) {
      minors.set(last.minor, { ...one, hops: one.hops });
    }
  }
  return [...minors.values()];
}
