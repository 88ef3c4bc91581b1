import { useRouteRef } from '@backstage/core-plugin-api';
import { useNavigate } from 'react-router-dom';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { sidecarUpgradeRouteRef } from '../../routes';
import { GuardedButton } from '../widgets';
import { selectionToQuery } from './selectionAddress';
import { useSelectionObstacle } from './useSelectionObstacle';

/** Carries workloads to the wizard, or says why they cannot go there. */
export function UpgradeSelectionButton(props: { selected: WorkloadView[] }) {
  const { selected } = props;
  const t = useMessages();
  const navigate = useNavigate();
  const wizardLink = useRouteRef(sidecarUpgradeRouteRef);
  const reason = useSelectionObstacle(selected);
  return (
    <GuardedButton
      variant="contained"
      color="primary"
      size="medium"
      reason={reason}
      onClick={() =>
        navigate(
          `${wizardLink()}?${selectionToQuery(selected.map(({ id }) => id))}`,
        )
      }
    >
      {t('selection.upgrade')}
    </GuardedButton>
  );
}
