import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Switch from '@material-ui/core/Switch';
import Alert from '@material-ui/lab/Alert';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useAddress, useMessages } from '../../hooks';
import { isUpgradedByHand } from '../meshes/meshSituation';
import { FailurePanel, Invitation } from '../widgets';
import { DistantVersions } from './DistantVersions';
import { InstallMethod } from './InstallMethod';
import { RefusedVersions } from './RefusedVersions';
import { VersionChoice } from './VersionChoice';
import { VersionSources } from './VersionSources';
import { WizardActions } from './WizardFrame';

const PRE_RELEASES = 'preReleases';

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
  const { params, change } = useAddress();
  const preReleases = params.get(PRE_RELEASES) === 'true';
  const versions = useAsyncRetry(
    () => api.getTargetVersions(mesh.id, { preReleases }),
    [api, mesh.id, preReleases],
  );
  const { value } = versions;
  const offered = value?.offered ?? [];
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
      {versions.loading && !value && <Skeleton variant="rect" height={200} />}
      {value && offered.length === 0 && (
        <Invitation
          title={t('target.none')}
          text={t('target.noneText', {
            current: value.current ?? t('unknown'),
          })}
        />
      )}
      {offered.length > 0 && (
        <VersionChoice offered={offered} chosen={chosen} onChoose={onChoose} />
      )}
      {value && (
        <>
          <DistantVersions versions={value} onChoose={onChoose} />
          <RefusedVersions
            refused={value.refused.filter(({ hops }) => !hops?.length)}
          />
          <FormControlLabel
            label={t('target.preReleases')}
            style={{ marginLeft: 0 }}
            control={
              <Switch
                size="small"
                color="primary"
                checked={preReleases}
                onChange={(_, shown) =>
                  change({ [PRE_RELEASES]: shown ? 'true' : undefined })
                }
              />
            }
          />
          <VersionSources versions={value} />
        </>
      )}
      <Alert severity="warning">{t('target.noWayBack')}</Alert>
      {isUpgradedByHand(mesh) && (
        <Alert severity="info">
          {t('target.byHand', { version: chosen ?? t('unknown') })}
        </Alert>
      )}
      <InstallMethod mesh={mesh} />
      <WizardActions
        reason={reason}
        onNext={() => chosen !== undefined && onNext(chosen)}
      />
    </Box>
  );
}
