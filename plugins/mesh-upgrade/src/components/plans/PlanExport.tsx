import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import GetApp from '@material-ui/icons/GetApp';
import {
  planToMarkdown,
  type UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { saveFile } from '../widgets';

/** Saves a plan as Markdown, for whoever has to agree to it elsewhere. */
export function PlanExport(props: { plan: UpgradePlan }) {
  const { plan } = props;
  const t = useMessages();
  const name = plan.meshId ?? plan.kind;
  return (
    <Box display="flex" justifyContent="flex-end">
      <Button
        size="small"
        startIcon={<GetApp />}
        onClick={() =>
          saveFile(
            new Blob([planToMarkdown(plan)], { type: 'text/markdown' }),
            `upgrade-${name}-${plan.targetVersion}.md`,
          )
        }
      >
        {t('plan.export')}
      </Button>
    </Box>
  );
}
