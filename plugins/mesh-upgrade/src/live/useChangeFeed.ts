import { useEffect, useState } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { ChangeFeed } from './ChangeFeed';

/** The announcements of the backend; undefined in an app without signals. */
export function useChangeFeed(): ChangeFeed | undefined {
  const signals = useApiHolder().get(signalApiRef);
  return signals && ChangeFeed.of(signals);
}

/** True while changes are announced, so that what is shown is of this moment. */
export function useConnection(): boolean {
  const feed = useChangeFeed();
  const [live, setLive] = useState(feed?.live ?? false);
  useEffect(() => {
    setLive(feed?.live ?? false);
    return feed?.subscribe({ changed: () => {}, connection: setLive });
  }, [feed]);
  return live;
}
