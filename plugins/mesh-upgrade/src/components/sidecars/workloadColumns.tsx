import { Fragment } from 'react';
import Box from '@material-ui/core/Box';
import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import { EntityRefLinks } from '@backstage/plugin-catalog-react';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import { ClusterName } from '../fleet';
import {
  CopyButton,
  LongText,
  REVEALED,
  StatusLabel,
  type Column,
} from '../widgets';
import { LastUpgradeLink } from './LastUpgradeLink';
import { ServiceNames } from './ServiceNames';
import { INJECTION_TONES, versionText, versionTone } from './workloadWords';

/** Every column there is, from left to right. */
export const COLUMN_IDS = [
  'workload',
  'namespace',
  'cluster',
  'mesh',
  'owner',
  'status',
  'version',
  'pods',
  'method',
  'services',
  'resources',
  'lastUpgrade',
] as const;

export type ColumnId = (typeof COLUMN_IDS)[number];

/** What a column is called. */
export function columnTitle(id: ColumnId, t: Messages): string {
  const titles: Record<ColumnId, string> = {
    workload: t('column.workload'),
    namespace: t('column.namespace'),
    cluster: t('column.cluster'),
    mesh: t('column.mesh'),
    owner: t('column.owner'),
    status: t('column.status'),
    version: t('column.sidecar'),
    pods: t('column.pods'),
    method: t('column.method'),
    services: t('column.services'),
    resources: t('column.resources'),
    lastUpgrade: t('column.lastUpgrade'),
  };
  return titles[id];
}

/** The columns of the workload table that are to be shown. */
export function workloadColumns(options: {
  t: Messages;
  ids: readonly ColumnId[];
  meshName(id: string): string;
  onOpen(workload: WorkloadView): void;
}): Column<WorkloadView>[] {
  const { t, ids, meshName, onOpen } = options;
  const columns: Record<
    ColumnId,
    Omit<Column<WorkloadView>, 'id' | 'title'>
  > = {
    workload: {
      sortKey: 'name',
      render: workload => <Name workload={workload} onOpen={onOpen} />,
    },
    namespace: {
      sortKey: 'namespace',
      render: ({ namespace }) => (
        <LongText text={namespace} most={20} focusable />
      ),
    },
    cluster: {
      sortKey: 'cluster',
      noWrap: true,
      render: ({ cluster }) => <ClusterName name={cluster} />,
    },
    mesh: {
      render: ({ meshId }) =>
        meshId ? (
          <LongText text={meshName(meshId)} most={18} focusable />
        ) : (
          t('none')
        ),
    },
    owner: {
      render: ({ owners }) =>
        owners.length > 0 ? (
          <EntityRefLinks entityRefs={owners} />
        ) : (
          <StatusLabel tone="unknown" text={t('workload.noOwner')} />
        ),
    },
    status: {
      noWrap: true,
      render: ({ status, statusReason }) => (
        <StatusLabel
          tone={INJECTION_TONES[status]}
          text={t(`workload.status.${status}`)}
          detail={statusReason}
        />
      ),
    },
    version: {
      sortKey: 'version',
      render: workload => <Version workload={workload} t={t} />,
    },
    pods: {
      hint: t('column.podsInjected'),
      sortKey: 'pods',
      render: ({ pods }) => (
        <>
          {`${pods.injected}/${pods.total}`}
          {pods.abnormal !== undefined && pods.abnormal > 0 && (
            <Box>
              <StatusLabel
                tone="bad"
                text={t('workload.abnormal', { count: pods.abnormal })}
              />
            </Box>
          )}
        </>
      ),
    },
    method: {
      render: ({ method }) =>
        method.kind === 'none' ? (
          <StatusLabel
            tone="stopped"
            text={t('workload.impossible')}
            detail={method.blockers.join(' ')}
          />
        ) : (
          t('workload.restartShort')
        ),
    },
    services: {
      render: ({ services }) => <ServiceNames names={services} />,
    },
    resources: {
      hint: t('column.resourcesHint'),
      render: ({ resources: { requests, limits } = {} }) => (
        <>
          <Resource request={requests?.cpu} limit={limits?.cpu} t={t} />
          <Resource request={requests?.memory} limit={limits?.memory} t={t} />
        </>
      ),
    },
    lastUpgrade: {
      noWrap: true,
      render: ({ lastUpgrade }) =>
        lastUpgrade ? <LastUpgradeLink last={lastUpgrade} /> : t('none'),
    },
  };
  return COLUMN_IDS.filter(id => ids.includes(id)).map(id => ({
    id,
    title: columnTitle(id, t),
    ...columns[id],
  }));
}

function Name(props: {
  workload: WorkloadView;
  onOpen(workload: WorkloadView): void;
}) {
  const { workload, onOpen } = props;
  return (
    <>
      <Box display="flex" alignItems="center">
        <Link
          component="button"
          variant="body2"
          align="left"
          onClick={() => onOpen(workload)}
        >
          <LongText text={workload.name} />
        </Link>
        <CopyButton text={workload.id} className={REVEALED} />
      </Box>
      <Typography variant="caption" color="textSecondary" display="block">
        {workload.kind}
      </Typography>
    </>
  );
}

function Version(props: { workload: WorkloadView; t: Messages }) {
  const { workload, t } = props;
  if (workload.sidecar === 'none') {
    return <>{t('none')}</>;
  }
  return (
    <StatusLabel
      tone={versionTone(workload)}
      text={<Versions text={versionText(workload, t)} />}
      detail={
        workload.outdated
          ? t('workload.outdatedDetail', {
              version: workload.desiredVersion ?? t('unknown'),
            })
          : undefined
      }
    />
  );
}

/** Breaks lines between versions only, not within one. */
function Versions(props: { text: string }) {
  return (
    <>
      {props.text.split(' ').map((part, index) => (
        <Fragment key={index}>
          {index > 0 && ' '}
          <span style={{ whiteSpace: 'nowrap' }}>{part}</span>
        </Fragment>
      ))}
    </>
  );
}

function Resource(props: { request?: string; limit?: string; t: Messages }) {
  const { request, limit, t } = props;
  return (
    <Typography variant="caption" display="block" noWrap>
      {`${request ?? t('notSet')} / ${limit ?? t('notSet')}`}
    </Typography>
  );
}
