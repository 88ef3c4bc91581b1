import { useLocation } from 'react-router-dom';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { useMessages } from '../hooks';
import { rootRouteRef, runsRouteRef, sidecarsRouteRef } from '../routes';
import { LiveStatus, useFleet } from './fleet';

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
    <Box
      display="flex"
      flexWrap="wrap"
      alignItems="center"
      justifyContent="space-between"
      pr={2}
    >
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
      <Box pl={2} py={1}>
        <LiveStatus />
      </Box>
    </Box>
  );
}
