import Box from '@material-ui/core/Box';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Paper from '@material-ui/core/Paper';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import type { TargetVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { SupportLabel } from '../widgets';

/** The offered versions by minor; each minor says its support and its Kubernetes range once. */
export function VersionChoice(props: {
  offered: TargetVersion[];
  chosen?: string;
  onChoose(version: string): void;
}) {
  const { offered, chosen, onChoose } = props;
  const t = useMessages();
  const minors = [...new Set(offered.map(({ minor }) => minor))];
  return (
    <RadioGroup
      aria-label={t('wizard.target')}
      value={chosen ?? ''}
      onChange={(_, version) => onChoose(version)}
    >
      {minors.map(minor => {
        const versions = offered.filter(one => one.minor === minor);
        const [{ support, kubernetes }] = versions;
        return (
          <Paper
            key={minor}
            variant="outlined"
            style={{ padding: 16, marginBottom: 8 }}
          >
            <Box
              display="flex"
              gridGap={16}
              alignItems="center"
              flexWrap="wrap"
            >
              <Typography variant="h6" component="h3">
                {minor}
              </Typography>
              <SupportLabel support={support} />
              <Typography variant="body2" color="textSecondary">
                {kubernetes
                  ? t('target.kubernetes', kubernetes)
                  : t('target.kubernetesUnknown')}
              </Typography>
            </Box>
            <Box display="flex" flexDirection="column">
              {versions.map(({ version, recommended }) => (
                <FormControlLabel
                  key={version}
                  value={version}
                  control={<Radio color="primary" size="small" />}
                  label={
                    recommended ? t('target.recommended', { version }) : version
                  }
                />
              ))}
            </Box>
          </Paper>
        );
      })}
    </RadioGroup>
  );
}
