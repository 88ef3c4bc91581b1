import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshUpgradeRouteRef } from '../../routes';

/** Leads to the wizard that takes an upgrade back, where that is possible. */
export function ReturnButton(props: { run: RunView }) {
  const { id, meshId, returnTo } = props.run;
  const t = useMessages();
  const upgradeLink = useRouteRef(meshUpgradeRouteRef);
  if (!meshId || !returnTo) {
    return null;
  }
  const query = new URLSearchParams({
    step: 'environment',
    version: returnTo,
    returnOf: id,
  });
  return (
    <LinkButton
      to={`${upgradeLink({ id: meshId })}?${query}`}
      variant="outlined"
      size="small"
    >
      {t('return.button', { target: returnTo })}
    </LinkButton>
  );
}
