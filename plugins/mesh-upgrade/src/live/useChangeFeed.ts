import { useEffect, useState } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { ChangeFeed, type Connection } from './ChangeFeed';

/** The announcements of the backend; undefined in an app without signals. */
export function useChangeFeed(): ChangeFeed | undefined {
  const signals = useApiHolder().get(signalApiRef);
  return signals && ChangeFeed.of(signals);
}

/** Whether changes are announced, so that what is shown is of this moment. */
export function useConnection(): Connection {
  const feed = useChangeFeed();
  const [connection, setConnection] = useState(connectionOf(feed));
  useEffect(() => {
    setConnection(connectionOf(feed));
    return feed?.subscribe({ changed: () => {}, connection: setConnection });
  }, [feed]);
  return connection;
}

/** Nobody speaks in an app without signals. */
function connectionOf(feed: ChangeFeed | undefined): Connection {
  return feed?.connection ?? 'silent';
}
