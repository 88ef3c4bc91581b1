import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { installText } from '../meshes/meshSituation';

/** By what the mesh would be upgraded, and the marks that tell. */
export function InstallMethod(props: { mesh: MeshView }) {
  const { evidence } = props.mesh.install;
  const t = useMessages();
  const how = t('target.how', { method: installText(props.mesh, t) });
  if (evidence.length === 0) {
    return <Typography variant="body2">{how}</Typography>;
  }
  return (
    <Box>
      <Accordion variant="outlined" TransitionProps={{ timeout: 0 }}>
        <AccordionSummary expandIcon={<ExpandMore />}>
          <Typography variant="body2">{how}</Typography>
        </AccordionSummary>
        <AccordionDetails>
          <Box>
            {evidence.map(line => (
              <Typography key={line} variant="body2" color="textSecondary">
                {line}
              </Typography>
            ))}
          </Box>
        </AccordionDetails>
      </Accordion>
    </Box>
  );
}
