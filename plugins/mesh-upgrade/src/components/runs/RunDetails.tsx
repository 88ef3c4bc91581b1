import { useParams } from 'react-router-dom';
import { RunContent } from './RunContent';

/** One upgrade on its own page. */
export function RunDetails() {
  const { id = '' } = useParams();
  return <RunContent key={id} runId={id} />;
}
