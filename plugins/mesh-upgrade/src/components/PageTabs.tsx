import { useLocation } from 'react-router-dom';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { useMessages } from '../hooks';
import { rootRouteRef, runsRouteRef, sidecarsRouteRef } from '../routes';
import { useFleet } from './fleet';

/** Meshes, Sidecars and Upgrades, with what waits or runs in each. */
export function PageTabs() {
  const t = useMessages();
  const { pathname } = useLocation();
  const { meshes, activeRuns } = useFleet();
  const root = useRouteRef(rootRouteRef)();
  const sidecars = useRouteRef(sidecarsRouteRef)();
  const runs = useRouteRef(runsRouteRef)();
  const outdated = (meshes.value ?? []).reduce(
    (sum, mesh) => sum + mesh.sidecars.outdatedWorkloads,
    0,
  );
  const running = activeRuns.value?.length ?? 0;
  let active = root;
  for (const path of [sidecars, runs]) {
    if (pathname.startsWith(path)) {
      active = path;
    }
  }
  return (
    <Tabs
      value={active}
      indicatorColor="primary"
      textColor="primary"
      component="nav"
      aria-label={t('page.tabs')}
    >
      <Tab component={Link} to={root} value={root} label={t('page.meshes')} />
      <Tab
        component={Link}
        to={sidecars}
        value={sidecars}
        label={
          outdated > 0
            ? t('page.sidecarsOutdated', { count: outdated })
            : t('page.sidecars')
        }
      />
      <Tab
        component={Link}
        to={runs}
        value={runs}
        label={
          running > 0
            ? t('page.upgradesRunning', { count: running })
            : t('page.upgrades')
        }
      />
    </Tabs>
  );
}
