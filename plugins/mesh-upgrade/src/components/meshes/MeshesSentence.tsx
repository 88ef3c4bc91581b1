import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DateTime } from 'luxon';
import { useMessages } from '../../hooks';
import { losesSupport, upgradeObstacle } from './meshSituation';

/** Answers the page's question at once; the numbers lead to what they count. */
export function MeshesSentence(props: { meshes: MeshView[] }) {
  const { meshes } = props;
  const t = useMessages();
  const upgradable = meshes.filter(mesh => !upgradeObstacle(mesh, t)).length;
  // Newer versions may well be known, only not to be installed from here.
  const noneUpgradable = meshes.some(mesh => mesh.upgrade)
    ? t('meshes.upgradable', { count: 0, total: `${meshes.length}` })
    : t('meshes.noneNewer', { count: meshes.length });
  const losing = meshes.filter(losesSupport);
  const ended = losing.filter(mesh => mesh.support.state === 'ended').length;
  const next = losing
    .filter(mesh => mesh.support.state === 'endingSoon')
    .map(mesh => mesh.support.until)
    .filter(until => until !== undefined)
    .sort()[0];
  const days = next
    ? Math.max(0, Math.ceil(DateTime.fromISO(next).diffNow('days').days))
    : 0;
  const total = `${meshes.length}`;
  return (
    <Typography variant="subtitle1" component="p">
      {upgradable > 0 ? (
        <Link to="?state=upgradable">
          {t('meshes.upgradable', { count: upgradable, total })}
        </Link>
      ) : (
        noneUpgradable
      )}{' '}
      {ended > 0 && (
        <Link to="?state=losingSupport">
          {t('meshes.ended', { count: ended })}
        </Link>
      )}{' '}
      {losing.length > ended && (
        <Link to="?state=losingSupport">
          {t('meshes.endingSoon', {
            count: losing.length - ended,
            days: `${days}`,
          })}
        </Link>
      )}
    </Typography>
  );
}
