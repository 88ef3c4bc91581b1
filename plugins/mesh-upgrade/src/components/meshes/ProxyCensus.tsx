import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme, type Theme } from '@material-ui/core/styles';
import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  MeshView,
  ProxyVersionCount,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { sidecarsRouteRef } from '../../routes';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    gap: 2,
    height: theme.spacing(2),
    margin: theme.spacing(1, 0),
    borderRadius: theme.shape.borderRadius,
    overflow: 'hidden',
  },
  // A version that a single pod of thousands runs must not vanish.
  part: { minWidth: 4 },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  swatch: {
    display: 'inline-block',
    width: theme.spacing(1.5),
    height: theme.spacing(1.5),
    marginRight: theme.spacing(0.75),
  },
}));

/** How many pods of a mesh run which version of the sidecar, as one bar and in words. */
export function ProxyCensus(props: { mesh: MeshView }) {
  const { id, proxyVersions } = props.mesh;
  const t = useMessages();
  const classes = useStyles();
  const theme = useTheme();
  const sidecarsLink = useRouteRef(sidecarsRouteRef);
  if (proxyVersions.length === 0) {
    return null;
  }
  const parts = proxyVersions.map(({ version, pods }, index) => ({
    version,
    pods,
    ...fillOf(proxyVersions, index, theme),
    words: t('mesh.proxyVersion', {
      version: version === 'unknown' ? t('unknown') : version,
      count: pods,
    }),
  }));
  return (
    <>
      <div
        role="img"
        aria-label={t('mesh.proxyVersions', {
          versions: parts.map(({ words }) => words).join(', '),
        })}
        className={classes.bar}
      >
        {parts.map(({ version, pods, background, opacity, words }) => (
          <div
            key={version}
            title={words}
            className={classes.part}
            style={{ flexGrow: pods, flexBasis: 0, background, opacity }}
          />
        ))}
      </div>
      <Typography component="ul" variant="body2" className={classes.legend}>
        {parts.map(({ version, background, opacity, words }) => (
          <li key={version}>
            <Box display="flex" alignItems="center">
              <span
                aria-hidden
                className={classes.swatch}
                style={{ background, opacity }}
              />
              <Link
                to={`${sidecarsLink()}?${new URLSearchParams({
                  mesh: id,
                  version,
                })}`}
              >
                {words}
              </Link>
            </Box>
          </li>
        ))}
      </Typography>
    </>
  );
}

/** The newer the stronger; grey for what is not known. */
function fillOf(
  all: ProxyVersionCount[],
  index: number,
  theme: Theme,
): { background: string; opacity: number } {
  if (!isReadable(all[index])) {
    return { background: theme.palette.text.disabled, opacity: 1 };
  }
  const known = all.filter(isReadable).length;
  return {
    background: theme.palette.primary.main,
    opacity: 0.3 + (0.7 * (index + 1)) / known,
  };
}

function isReadable({ version }: ProxyVersionCount): boolean {
  return parseIstioVersion(version) !== undefined;
}
