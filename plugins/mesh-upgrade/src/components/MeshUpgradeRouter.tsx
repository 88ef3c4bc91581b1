import { Navigate, Route, Routes } from 'react-router-dom';
import Box from '@material-ui/core/Box';
import { useMessages } from '../hooks';
import { MeshCheckPage } from './checks';
import { FleetProvider } from './fleet';
import { MeshDetails, MeshesView } from './meshes';
import { PageTabs } from './PageTabs';
import { RunDetails, RunsView } from './runs';
import { SidecarsView } from './sidecars';
import {
  LeftoversWizard,
  MeshUpgradeWizard,
  SidecarUpgradeWizard,
} from './upgrade';
import { Invitation } from './widgets';

/** Every screen of the page without a shell of its own. */
export function MeshUpgradeRouter() {
  const t = useMessages();
  return (
    <FleetProvider>
      <PageTabs />
      <Box px={2} py={3} component="main">
        <Routes>
          <Route path="/" element={<MeshesView />} />
          <Route path="/meshes" element={<Navigate to=".." replace />} />
          <Route path="/meshes/:id" element={<MeshDetails />} />
          <Route path="/meshes/:id/check" element={<MeshCheckPage />} />
          <Route path="/meshes/:id/upgrade" element={<MeshUpgradeWizard />} />
          <Route path="/meshes/:id/leftovers" element={<LeftoversWizard />} />
          <Route path="/sidecars" element={<SidecarsView />} />
          <Route path="/sidecars/upgrade" element={<SidecarUpgradeWizard />} />
          <Route path="/runs" element={<RunsView />} />
          <Route path="/runs/:id" element={<RunDetails />} />
          <Route
            path="*"
            element={
              <Invitation
                title={t('page.unknownAddress')}
                text={t('page.unknownAddressAdvice')}
              />
            }
          />
        </Routes>
      </Box>
    </FleetProvider>
  );
}
