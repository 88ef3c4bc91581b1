import { useApi } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import GetApp from '@material-ui/icons/GetApp';
import useAsyncFn from 'react-use/lib/useAsyncFn';
import { meshUpgradeApiRef, type WorkloadExportQuery } from '../../api';
import { useMessages } from '../../hooks';
import { FailurePanel, saveFile } from '../widgets';

/** Saves every workload that matches, not only those shown, as a CSV file. */
export function ExportButton(props: { query: WorkloadExportQuery }) {
  const { query } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  // A plain link would not carry the reader's token.
  const [state, save] = useAsyncFn(
    async () => saveFile(await api.exportWorkloads(query), 'workloads.csv'),
    [api, query],
  );
  return (
    <>
      <Button
        size="small"
        startIcon={<GetApp />}
        disabled={state.loading}
        onClick={save}
      >
        {t('action.exportCsv')}
      </Button>
      {state.error && (
        <FailurePanel
          title={t('workloads.exportFailed')}
          error={state.error}
          onRetry={save}
        />
      )}
    </>
  );
}
