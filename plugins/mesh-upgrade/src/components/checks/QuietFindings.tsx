import { Link } from '@backstage/core-components';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { useMessages } from '../../hooks';
import type { FindingGroup } from './findingWords';

/** Findings that ask nothing of the reader, a line each: where, what, and what was seen. */
export function QuietFindings(props: { groups: FindingGroup[] }) {
  const { groups } = props;
  const t = useMessages();
  const places = groups.map(({ finding }) =>
    finding.workload ? '' : finding.cluster ?? '',
  );
  const placed = places.some(Boolean);
  return (
    <Table size="small">
      <TableBody>
        {groups.map(({ key, finding, members }, index) => (
          <TableRow key={key}>
            {placed && (
              <TableCell
                component="th"
                scope="row"
                style={{ whiteSpace: 'nowrap', width: '1%' }}
              >
                {places[index] !== places[index - 1] &&
                  (places[index] || t('finding.wholeMesh'))}
              </TableCell>
            )}
            <TableCell style={{ width: '50%' }}>{finding.title}</TableCell>
            <TableCell>
              <Typography
                component="span"
                variant="body2"
                color="textSecondary"
              >
                {members.length > 1
                  ? t('finding.members', { count: members.length })
                  : finding.evidence.observed}
              </Typography>{' '}
              {finding.link && (
                <Link to={finding.link.url}>{finding.link.title}</Link>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
