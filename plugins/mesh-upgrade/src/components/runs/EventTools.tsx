import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Switch from '@material-ui/core/Switch';
import GetApp from '@material-ui/icons/GetApp';
import useAsyncFn from 'react-use/lib/useAsyncFn';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { FailurePanel, FilterSelect, saveFile } from '../widgets';
import { loadEventsText } from './eventsText';
import { clustersOf } from './runProgress';
import type { EventLog } from './useEventLog';

/** Which events are shown, whether the newest is followed, and all of them as a file. */
export function EventTools(props: {
  run: RunView;
  log: EventLog;
  follow: boolean;
  onFollow(follow: boolean): void;
}) {
  const { run, log, follow, onFollow } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const clusters = clustersOf(run.steps);
  const [{ loading, error }, download] = useAsyncFn(async () => {
    const text = await loadEventsText(api, run.id, log.clusterOf);
    saveFile(new Blob([text], { type: 'text/plain' }), `upgrade-${run.id}.log`);
  }, [api, run.id, log.clusterOf]);
  return (
    <>
      <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
        {clusters.length > 1 && (
          <FilterSelect
            label={t('column.cluster')}
            allLabel={t('filter.all')}
            value={log.cluster}
            options={clusters.map(value => ({ value, label: value }))}
            onChange={eventCluster => log.change({ eventCluster })}
          />
        )}
        <FilterSelect
          label={t('run.eventLevel')}
          allLabel={t('filter.all')}
          value={log.level ?? ''}
          options={[
            { value: 'warning', label: t('run.levels.warning') },
            { value: 'error', label: t('run.levels.error') },
          ]}
          onChange={eventLevel => log.change({ eventLevel })}
        />
        <Toggle
          label={t('run.output')}
          on={log.output}
          onSwitch={on => log.change({ output: on ? 'true' : undefined })}
        />
        <Toggle label={t('run.follow')} on={follow} onSwitch={onFollow} />
        <Box flexGrow={1} />
        <Button
          size="small"
          startIcon={<GetApp />}
          disabled={loading}
          onClick={download}
        >
          {t('run.download')}
        </Button>
      </Box>
      {error && <FailurePanel title={t('run.eventsFailed')} error={error} />}
    </>
  );
}

function Toggle(props: {
  label: string;
  on: boolean;
  onSwitch(on: boolean): void;
}) {
  return (
    <FormControlLabel
      label={props.label}
      style={{ margin: 0 }}
      control={
        <Switch
          size="small"
          color="primary"
          checked={props.on}
          onChange={(_, on) => props.onSwitch(on)}
        />
      }
    />
  );
}
