import { useApi } from '@backstage/frontend-plugin-api';
import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import Alert from '@material-ui/lab/Alert';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import type {
  MeshView,
  RefusedVersion,
  VersionSourceView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { FailurePanel, Invitation } from '../widgets';
import { VersionChoice } from './VersionChoice';
import { WizardActions } from './WizardFrame';

/** Select target version: what is offered, what is not and why, and what cannot be undone. */
export function TargetVersionStep(props: {
  mesh: MeshView;
  version?: string;
  /** Why the mesh cannot be upgraded now at all. */
  obstacle?: string;
  onChoose(version: string): void;
  onNext(version: string): void;
}) {
  const { mesh, version, obstacle, onChoose, onNext } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const versions = useAsyncRetry(
    () => api.getTargetVersions(mesh.id),
    [api, mesh.id],
  );
  const offered = versions.value?.offered ?? [];
  const chosen =
    version ?? offered.find(({ recommended }) => recommended)?.version;
  const valid = offered.some(one => one.version === chosen);
  let reason = obstacle;
  if (!reason && !valid) {
    reason = t('target.choose');
  }

  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {versions.error && (
        <FailurePanel
          title={t('target.failed')}
          error={versions.error}
          onRetry={versions.retry}
        />
      )}
      <Sources sources={versions.value?.sources ?? []} />
      {versions.loading && !versions.value && (
        <Skeleton variant="rect" height={200} />
      )}
      {versions.value && offered.length === 0 && (
        <Invitation
          title={t('target.none')}
          text={t('target.noneText', {
            current: versions.value.current ?? t('unknown'),
          })}
        />
      )}
      {offered.length > 0 && (
        <VersionChoice offered={offered} chosen={chosen} onChoose={onChoose} />
      )}
      <Refused refused={versions.value?.refused ?? []} />
      <Alert severity="warning">{t('target.noWayBack')}</Alert>
      <Box>
        <Typography variant="body2">
          {t('target.how', {
            method: t(`mesh.install.${mesh.install.method}`),
          })}
        </Typography>
        {mesh.install.evidence.map(line => (
          <Typography
            key={line}
            variant="caption"
            color="textSecondary"
            display="block"
          >
            {line}
          </Typography>
        ))}
      </Box>
      <WizardActions
        reason={reason}
        onNext={() => chosen !== undefined && onNext(chosen)}
      />
    </Box>
  );
}

function Sources(props: { sources: VersionSourceView[] }) {
  const t = useMessages();
  const failing = props.sources.filter(({ error }) => error);
  if (failing.length === 0) {
    return null;
  }
  return (
    <Alert severity="warning">
      {failing.map(({ source, error }) => (
        <Typography key={source} variant="body2">
          {t('target.sourceFailed', { source, error: error ?? '' })}
        </Typography>
      ))}
    </Alert>
  );
}

function Refused(props: { refused: RefusedVersion[] }) {
  const t = useMessages();
  const { refused } = props;
  if (refused.length === 0) {
    return null;
  }
  return (
    <Accordion variant="outlined" TransitionProps={{ timeout: 0 }}>
      <AccordionSummary expandIcon={<ExpandMore />}>
        <Typography variant="body2">
          {t('target.refused', { count: refused.length })}
        </Typography>
      </AccordionSummary>
      <AccordionDetails>
        <Box>
          {refused.map(({ version, reason }) => (
            <Typography key={version} variant="body2">
              {`${version}: ${reason}`}
            </Typography>
          ))}
        </Box>
      </AccordionDetails>
    </Accordion>
  );
}
