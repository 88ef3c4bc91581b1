import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DateTime } from 'luxon';
import { useMessages } from '../../hooks';
import { losesSupport } from './meshSituation';

/** Answers the page's question at once; the numbers lead to what they count. */
export function MeshesSentence(props: { meshes: MeshView[] }) {
  const { meshes } = props;
  const t = useMessages();
  const upgradable = meshes.filter(mesh => mesh.upgrade).length;
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
        t('meshes.noneNewer', { count: meshes.length })
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
