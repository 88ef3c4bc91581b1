import { Link } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Paper from '@material-ui/core/Paper';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import type { TargetVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { SupportLabel } from '../widgets';
import { ClusterVerdicts } from './ClusterVerdicts';

/** The offered versions by minor; each minor says its support, its Kubernetes range and its notes once. */
export function VersionChoice(props: {
  offered: TargetVersion[];
  chosen?: string;
  onChoose(version: string): void;
}) {
  const { offered, chosen, onChoose } = props;
  const t = useMessages();
  const minors = [...new Set(offered.map(({ minor }) => minor))];
  return (
    <RadioGroup
      aria-label={t('wizard.target')}
      value={chosen ?? ''}
      onChange={(_, version) => onChoose(version)}
    >
      {minors.map(minor => (
        <Minor
          key={minor}
          minor={minor}
          versions={offered.filter(one => one.minor === minor)}
        />
      ))}
    </RadioGroup>
  );
}

function Minor(props: { minor: string; versions: TargetVersion[] }) {
  const { minor, versions } = props;
  const t = useMessages();
  const [{ support, kubernetes, clusters, notesUrl }] = versions;
  return (
    <Paper variant="outlined" style={{ padding: 16, marginBottom: 8 }}>
      <Box display="flex" gridGap={16} alignItems="center" flexWrap="wrap">
        <Typography variant="h6" component="h3">
          {minor}
        </Typography>
        <SupportLabel support={support} />
        <Typography variant="body2" color="textSecondary">
          {kubernetes
            ? t('target.kubernetes', kubernetes)
            : t('target.kubernetesUnknown')}
        </Typography>
        {notesUrl && (
          <Typography variant="body2">
            <Link to={notesUrl}>{t('target.notes', { minor })}</Link>
          </Typography>
        )}
      </Box>
      <ClusterVerdicts clusters={clusters} />
      <Box display="flex" flexDirection="column">
        {versions.map(one => (
          <FormControlLabel
            key={one.version}
            value={one.version}
            control={<Radio color="primary" size="small" />}
            label={labelOf(one, t)}
          />
        ))}
      </Box>
    </Paper>
  );
}

function labelOf(
  { version, recommended, preRelease }: TargetVersion,
  t: Messages,
): string {
  if (recommended) {
    return t('target.recommended', { version });
  }
  return preRelease ? t('target.preRelease', { version }) : version;
}
