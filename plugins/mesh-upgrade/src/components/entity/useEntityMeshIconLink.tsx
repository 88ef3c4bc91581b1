import type { IconLinkVerticalProps } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import DeviceHub from '@material-ui/icons/DeviceHub';
import { MESH_ANNOTATION } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { MESH_CHANGES, useLive, useMessages } from '../../hooks';
import { meshRouteRef } from '../../routes';
import { summariseSidecars } from '../sidecars/sidecarSummary';
import { loadWorkloads } from '../sidecars/useWorkloadList';

interface Situation {
  version?: string;
  behind: boolean;
  words: string;
}

/**
 * What the About card of an entity says of its mesh, e.g. `Mesh 1.29.4 !` when
 * something newer waits, and where that is told in full.
 *
 * @public
 */
export function useEntityMeshIconLink(): Omit<IconLinkVerticalProps, 'color'> {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const { entity } = useEntity();
  const entityLink = useRouteRef(entityRouteRef);
  const meshLink = useRouteRef(meshRouteRef);
  const owner = stringifyEntityRef(entity);
  const meshId = entity.metadata.annotations?.[MESH_ANNOTATION];

  async function ofMesh(id: string): Promise<Situation> {
    const { name, version, upgrade } = await api.getMesh(id);
    return {
      version,
      behind: upgrade !== undefined,
      words: upgrade
        ? t('mesh.available', {
            version: upgrade.recommended ?? upgrade.newest,
          })
        : name,
    };
  }

  async function ofWorkloads(): Promise<Situation> {
    const { items } = await loadWorkloads(api, { owner }, Infinity);
    const { meshed, outdated, oldest } = summariseSidecars(items);
    return {
      version: oldest,
      behind: outdated.length > 0,
      words:
        meshed.length === 0
          ? t('entity.noSidecars')
          : t('entity.behind', {
              count: outdated.length,
              total: `${meshed.length}`,
            }),
    };
  }

  const { value, error } = useLive<Situation>(
    meshId ?? owner,
    () => (meshId ? ofMesh(meshId) : ofWorkloads()),
    30_000,
    MESH_CHANGES,
  );
  // The mark stays with the version before it.
  const version = [value?.version, value?.behind && '!']
    .filter(Boolean)
    .join('\u00a0');
  return {
    icon: <DeviceHub />,
    label: [t('entity.mesh'), version].filter(Boolean).join(' '),
    title: error ? t('entity.meshUnknown') : value?.words,
    disabled: !value,
    href: meshId
      ? meshLink({ id: meshId })
      : `${entityLink(entityRouteParams(entity))}/sidecars`,
  };
}
