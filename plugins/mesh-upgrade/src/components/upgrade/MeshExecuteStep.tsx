import type {
  MeshView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { MANUAL_DRIVER } from '../runs';
import { StartStep } from './StartStep';
import { useStart, type StartOptions } from './useStart';

/** Execute upgrade, before it has begun. */
export function MeshExecuteStep(props: {
  mesh: MeshView;
  subject: Extract<UpgradeSubject, { kind: 'mesh' }>;
  options: StartOptions;
  obstacle?: string;
  onBack(): void;
  onStarted(runId: string): void;
}) {
  const { mesh, subject, options, obstacle, onBack, onStarted } = props;
  const { targetVersion, returnOf } = subject;
  const t = useMessages();
  const start = useStart(subject, onStarted);
  const count = start.plan?.changes.length ?? 0;
  const named = { mesh: mesh.name, target: targetVersion };
  return (
    <StartStep
      start={start}
      options={options}
      title={
        returnOf
          ? t('return.plan', { count, target: targetVersion })
          : t('plan.mesh', {
              count,
              from: start.plan?.fromVersion ?? mesh.version ?? t('unknown'),
              target: targetVersion,
            })
      }
      warning={
        start.plan?.driver === MANUAL_DRIVER ? (
          t('target.byHand', { version: targetVersion })
        ) : (
          <>
            {returnOf ? t('return.warning') : t('target.noWayBack')}{' '}
            {t('run.handsOff')}
          </>
        )
      }
      label={returnOf ? t('return.act', named) : t('start.mesh', named)}
      obstacle={obstacle}
      onBack={onBack}
    />
  );
}
