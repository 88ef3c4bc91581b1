import { useApi } from '@backstage/frontend-plugin-api';
import useAsyncFn from 'react-use/lib/useAsyncFn';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { FailurePanel, GuardedButton } from '../widgets';
import { useRunControl } from './useRunControl';

/** Holds a run back, or lets it go on; both can be taken back, so neither asks again. */
export function PauseButton(props: { run: RunView; onChange(): void }) {
  const { run, onChange } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const denied = useRunControl(run);
  const paused = run.state === 'paused';
  const [{ loading, error }, press] = useAsyncFn(async () => {
    await (paused ? api.resumeRun(run.id) : api.pauseRun(run.id));
    onChange();
  }, [api, run.id, paused, onChange]);
  if (run.state === 'stopping') {
    return null;
  }
  return (
    <>
      <GuardedButton
        variant="outlined"
        reason={loading ? t('run.pause.busy') : denied}
        onClick={press}
      >
        {paused ? t('run.pause.resume') : t('run.pause.button')}
      </GuardedButton>
      {error && <FailurePanel title={t('run.pause.failed')} error={error} />}
    </>
  );
}
