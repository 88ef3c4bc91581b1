import { useParams } from 'react-router-dom';
import { useApi } from '@backstage/frontend-plugin-api';
import { useRouteRef } from '@backstage/core-plugin-api';
import { LinkButton } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import type { TargetVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useAddress, useMessages } from '../../hooks';
import { meshRouteRef, meshUpgradeRouteRef } from '../../routes';
import { FailurePanel, Invitation } from '../widgets';
import { EnvironmentReport } from './EnvironmentReport';
import { useEnvironmentCheck } from './useEnvironmentCheck';

const NO_CONSENTS: ReadonlySet<string> = new Set();

/** The environment check of a mesh without the intention to upgrade it now. */
export function MeshCheckPage() {
  const { id = '' } = useParams();
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const meshLink = useRouteRef(meshRouteRef);
  const { params, change } = useAddress();
  const loaded = useAsyncRetry(async () => {
    const [mesh, versions] = await Promise.all([
      api.getMesh(id),
      api.getTargetVersions(id),
    ]);
    return { name: mesh.name, offered: versions.offered };
  }, [api, id]);
  const offered = loaded.value?.offered ?? [];
  const version =
    params.get('version') ??
    offered.find(({ recommended }) => recommended)?.version ??
    offered[0]?.version;
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      <Typography variant="h4" component="h2">
        {t('check.title', { mesh: loaded.value?.name ?? id })}
      </Typography>
      {loaded.error && (
        <FailurePanel
          title={t('mesh.failed', { name: id })}
          error={loaded.error}
          onRetry={loaded.retry}
        />
      )}
      {loaded.loading && !loaded.value && (
        <Skeleton variant="rect" height={320} />
      )}
      {loaded.value && offered.length === 0 && (
        <Invitation title={t('target.none')} text={t('check.noTarget')}>
          <Box textAlign="center">
            <LinkButton to={meshLink({ id })} variant="outlined">
              {loaded.value.name}
            </LinkButton>
          </Box>
        </Invitation>
      )}
      {version && (
        <Check
          key={version}
          meshId={id}
          version={version}
          offered={offered}
          onChoose={chosen => change({ version: chosen })}
        />
      )}
    </Box>
  );
}

function Check(props: {
  meshId: string;
  version: string;
  offered: TargetVersion[];
  onChoose(version: string): void;
}) {
  const { meshId, version, offered, onChoose } = props;
  const t = useMessages();
  const upgradeLink = useRouteRef(meshUpgradeRouteRef);
  const check = useEnvironmentCheck({
    kind: 'mesh',
    meshId,
    targetVersion: version,
  });
  const versions = [...new Set([...offered.map(one => one.version), version])];
  return (
    <>
      <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={16}>
        <TextField
          select
          size="small"
          variant="outlined"
          label={t('check.version')}
          value={version}
          onChange={event => onChoose(event.target.value)}
          style={{ minWidth: 180 }}
        >
          {versions.map(one => (
            <MenuItem key={one} value={one}>
              {one}
            </MenuItem>
          ))}
        </TextField>
        <Button
          onClick={check.recheck}
          disabled={!check.report && !check.error}
        >
          {t('environment.recheck')}
        </Button>
        <Box flexGrow={1} />
        <LinkButton
          to={`${upgradeLink({ id: meshId })}?${new URLSearchParams({
            version,
          })}`}
          variant="outlined"
          color="primary"
        >
          {t('check.toWizard')}
        </LinkButton>
      </Box>
      <EnvironmentReport
        check={check}
        consents={NO_CONSENTS}
        onChoose={chosen => chosen && onChoose(chosen)}
      />
    </>
  );
}
