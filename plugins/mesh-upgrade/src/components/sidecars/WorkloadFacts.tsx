import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { EntityRefLinks } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import type {
  GitOpsOwner,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { meshRouteRef } from '../../routes';
import { FactList, StatusLabel } from '../widgets';
import { ServiceNames } from './ServiceNames';
import { INJECTION_TONES, versionText, versionTone } from './workloadWords';

/** What is known of a workload, each with its reason. */
export function WorkloadFacts(props: { workload: WorkloadDetail }) {
  const { workload } = props;
  const t = useMessages();
  const meshLink = useRouteRef(meshRouteRef);
  const { meshId, owners, controller, gitOps, replicas, pods } = workload;
  return (
    <FactList
      facts={[
        {
          name: t('column.status'),
          value: (
            <Reasoned reasons={[workload.statusReason]}>
              <StatusLabel
                tone={INJECTION_TONES[workload.status]}
                text={t(`workload.status.${workload.status}`)}
              />
            </Reasoned>
          ),
        },
        {
          name: t('column.sidecar'),
          value:
            workload.sidecar === 'none' ? (
              t('pod.sidecar.none')
            ) : (
              <Reasoned reasons={[desiredWords(workload, t)]}>
                <StatusLabel
                  tone={versionTone(workload)}
                  text={versionText(workload, t)}
                />
              </Reasoned>
            ),
        },
        {
          name: t('column.mesh'),
          value: meshId && <Link to={meshLink({ id: meshId })}>{meshId}</Link>,
        },
        {
          name: t('column.owner'),
          value:
            owners.length > 0 ? (
              <EntityRefLinks entityRefs={owners} />
            ) : (
              <Reasoned reasons={[t('workload.noOwnerHint')]}>
                <StatusLabel tone="unknown" text={t('workload.noOwner')} />
              </Reasoned>
            ),
        },
        {
          name: t('workload.controller'),
          value:
            controller &&
            [`${controller.kind} ${controller.name}`, controller.apiVersion]
              .filter(Boolean)
              .join(' · '),
        },
        {
          name: t('workload.gitOps'),
          value: gitOps && (
            <Reasoned reasons={gitOps.evidence}>
              {gitOpsName(gitOps, t)}
            </Reasoned>
          ),
        },
        {
          name: t('column.method'),
          value:
            workload.method.kind === 'none' ? (
              <Reasoned reasons={workload.method.blockers}>
                <StatusLabel tone="stopped" text={t('workload.impossible')} />
              </Reasoned>
            ) : (
              t('workload.restart')
            ),
        },
        {
          name: t('column.podsInjected'),
          value: [
            `${pods.injected}/${pods.total}`,
            t('workload.podsReady', { ready: `${pods.ready}` }),
            pods.abnormal
              ? t('workload.abnormal', { count: pods.abnormal })
              : undefined,
            replicas &&
              t('workload.replicas', {
                ready: `${replicas.ready}`,
                desired: `${replicas.desired}`,
              }),
          ]
            .filter(Boolean)
            .join(' · '),
        },
        {
          name: t('column.services'),
          value: workload.services?.length ? (
            workload.services.join(', ')
          ) : (
            <ServiceNames names={workload.services} />
          ),
        },
        {
          name: t('column.resources'),
          value: resourceWords(workload, t),
        },
      ]}
    />
  );
}

function Reasoned(props: { children: ReactNode; reasons: string[] }) {
  return (
    <>
      {props.children}
      {props.reasons.filter(Boolean).map(reason => (
        <Typography key={reason} variant="body2" color="textSecondary">
          {reason}
        </Typography>
      ))}
    </>
  );
}

function desiredWords(workload: WorkloadDetail, t: Messages): string {
  const { desiredVersion, revision } = workload;
  if (!desiredVersion) {
    return t('workload.desiredUnknown');
  }
  return revision
    ? t('workload.desiredBy', { version: desiredVersion, revision })
    : t('workload.outdatedDetail', { version: desiredVersion });
}

function gitOpsName(
  { tool, name, namespace }: GitOpsOwner,
  t: Messages,
): string {
  return `${t(`mesh.install.${tool}`)} ${
    namespace ? `${namespace}/` : ''
  }${name}`;
}

function resourceWords(
  { resources, sidecar }: WorkloadDetail,
  t: Messages,
): string | undefined {
  if (sidecar === 'none' || sidecar === 'ambient') {
    return undefined;
  }
  const { requests, limits } = resources ?? {};
  return t('workload.resources', {
    cpu: `${requests?.cpu ?? t('notSet')} / ${limits?.cpu ?? t('notSet')}`,
    memory: `${requests?.memory ?? t('notSet')} / ${
      limits?.memory ?? t('notSet')
    }`,
  });
}
