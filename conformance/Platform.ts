import type {
  ClusterClient,
  ResourceType,
} from '../plugins/mesh-upgrade-backend/src/clusters';

/** Who asks: somebody with every right, one who may only look, one whose token is wrong. */
export type Caller = 'admin' | 'reader' | 'stranger';

/** What answers as an API server: the lab or a real one. Istio's injector must run on it. */
export interface Platform {
  name: string;
  /** A client of its own; closed by whoever asked for it. */
  connect(
    caller: Caller,
    options?: { watchTimes?: { timeoutSeconds: number; silenceMs: number } },
  ): ClusterClient;
  /** A well-formed token of a list of `youngResource` that began too long ago to be continued. */
  expiredContinueToken(): Promise<string>;
  /** A resource whose history begins after the first version. */
  youngResource: ResourceType;
  stop(): Promise<void>;
}

/** The platform cannot be used now; the message says what to do. */
export class PlatformUnavailable extends Error {}
