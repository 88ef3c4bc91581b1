import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Card from '@material-ui/core/Card';
import CardContent from '@material-ui/core/CardContent';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshRouteRef } from '../../routes';
import { StatusLabel } from '../widgets';
import { MeshFacts } from './MeshFacts';
import { meshStatusText, meshTone } from './meshSituation';

const useStyles = makeStyles(theme => ({
  card: {
    position: 'relative',
    height: '100%',
    '&:hover': { boxShadow: theme.shadows[4] },
  },
  // The whole card follows the link of its title; what stands above it stays usable on its own.
  link: { '&::after': { content: '""', position: 'absolute', inset: 0 } },
  facts: {
    '& button, & a, & [tabindex]': { position: 'relative', zIndex: 1 },
  },
}));

/** A mesh at a glance: state, version, what can be done. */
export function MeshCard(props: { mesh: MeshView }) {
  const { mesh } = props;
  const classes = useStyles();
  const t = useMessages();
  const meshLink = useRouteRef(meshRouteRef);
  return (
    <Card
      component="article"
      aria-label={mesh.name}
      variant="outlined"
      className={classes.card}
    >
      <CardContent>
        <Box display="flex" justifyContent="space-between" gridGap={8} mb={1}>
          <Typography variant="h6" component="h3" noWrap title={mesh.name}>
            <Link
              to={meshLink({ id: mesh.id })}
              className={classes.link}
              color="inherit"
            >
              {mesh.name}
            </Link>
          </Typography>
          <StatusLabel tone={meshTone(mesh)} text={meshStatusText(mesh, t)} />
        </Box>
        <Box className={classes.facts}>
          <MeshFacts mesh={mesh} />
        </Box>
      </CardContent>
    </Card>
  );
}
