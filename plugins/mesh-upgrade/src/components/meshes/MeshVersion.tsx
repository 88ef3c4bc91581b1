import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import { DateTime } from 'luxon';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useLanguage, useMessages } from '../../hooks';
import { StatusLabel } from '../widgets';

/** The version of a mesh and, when there is one, what it can be upgraded to. */
export function MeshVersion(props: { mesh: MeshView }) {
  const { version, versions, upgrade, family } = props.mesh;
  const t = useMessages();
  const locale = useLanguage();
  const others = versions.filter(other => other !== version);
  return (
    <Box display="inline-flex" alignItems="center" gridGap={8} flexWrap="wrap">
      <Typography component="span" variant="subtitle2">
        {version ? t('mesh.version', { version }) : t('mesh.versionUnknown')}
      </Typography>
      {others.length > 0 && (
        <StatusLabel
          tone="warning"
          text={t('mesh.alsoVersions', { versions: others.join(', ') })}
          detail={t('mesh.alsoVersionsDetail')}
        />
      )}
      {upgrade && (
        <StatusLabel
          tone="upgrade"
          text={t('mesh.available', {
            version: upgrade.recommended ?? upgrade.newest,
          })}
          detail={t('mesh.availableDetail', {
            newest: upgrade.newest,
            family: t(family === 'native' ? 'mesh.native' : 'mesh.customised', {
              family,
            }),
            since:
              DateTime.fromISO(upgrade.seenAt).toRelative({ locale }) ?? '',
          })}
        />
      )}
    </Box>
  );
}
