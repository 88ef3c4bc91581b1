import Box from '@material-ui/core/Box';
import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import { EntityRefLinks } from '@backstage/plugin-catalog-react';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import { StatusLabel, type Column } from '../widgets';
import { INJECTION_TONES, versionText, versionTone } from './workloadWords';

/** The columns of the workload table. */
export function workloadColumns(
  t: Messages,
  onOpen: (workload: WorkloadView) => void,
): Column<WorkloadView>[] {
  return [
    {
      id: 'workload',
      title: t('column.workload'),
      sortKey: 'name',
      render: workload => (
        <>
          <Link
            component="button"
            variant="body2"
            align="left"
            onClick={() => onOpen(workload)}
          >
            {workload.name}
          </Link>
          <Typography variant="caption" color="textSecondary" display="block">
            {workload.kind}
          </Typography>
        </>
      ),
    },
    {
      id: 'namespace',
      title: t('column.namespace'),
      sortKey: 'namespace',
      render: ({ namespace }) => namespace,
    },
    {
      id: 'cluster',
      title: t('column.cluster'),
      sortKey: 'cluster',
      noWrap: true,
      render: ({ cluster }) => cluster,
    },
    {
      id: 'mesh',
      title: t('column.mesh'),
      render: ({ meshId }) => meshId ?? t('none'),
    },
    {
      id: 'owner',
      title: t('column.owner'),
      render: ({ owners }) =>
        owners.length > 0 ? (
          <EntityRefLinks entityRefs={owners} />
        ) : (
          <StatusLabel tone="unknown" text={t('workload.noOwner')} />
        ),
    },
    {
      id: 'status',
      title: t('column.status'),
      noWrap: true,
      render: ({ status, statusReason }) => (
        <StatusLabel
          tone={INJECTION_TONES[status]}
          text={t(`workload.status.${status}`)}
          detail={statusReason}
        />
      ),
    },
    {
      id: 'version',
      title: t('column.sidecar'),
      sortKey: 'version',
      width: 140,
      render: workload =>
        workload.sidecar === 'none' ? (
          t('none')
        ) : (
          <StatusLabel
            tone={versionTone(workload)}
            text={versionText(workload, t)}
            detail={
              workload.outdated
                ? t('workload.outdatedDetail', {
                    version: workload.desiredVersion ?? t('unknown'),
                  })
                : undefined
            }
          />
        ),
    },
    {
      id: 'pods',
      title: t('column.podsInjected'),
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
    {
      id: 'method',
      title: t('column.method'),
      width: 90,
      render: ({ method }) =>
        method.kind === 'restart' ? (
          t('workload.restart')
        ) : (
          <StatusLabel
            tone="stopped"
            text={t('workload.impossible')}
            detail={method.blockers.join(' ')}
          />
        ),
    },
    {
      id: 'resources',
      title: t('column.resources'),
      render: ({ resources: { requests, limits } = {} }) => (
        <>
          {[
            `${requests?.cpu ?? t('notSet')}/${limits?.cpu ?? t('notSet')}`,
            `${requests?.memory ?? t('notSet')}/${
              limits?.memory ?? t('notSet')
            }`,
          ].map((line, index) => (
            <Typography key={index} variant="caption" display="block" noWrap>
              {line}
            </Typography>
          ))}
        </>
      ),
    },
  ];
}
