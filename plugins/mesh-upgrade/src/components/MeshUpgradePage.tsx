import { Header, Page } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import { useMessages } from '../hooks';
import { MeshUpgradeRouter } from './MeshUpgradeRouter';

/** The page for apps of the former frontend system, which leave the shell to it. */
export function MeshUpgradePage() {
  const t = useMessages();
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} />
      <Box gridArea="pageContent" overflow="auto">
        <MeshUpgradeRouter />
      </Box>
    </Page>
  );
}
