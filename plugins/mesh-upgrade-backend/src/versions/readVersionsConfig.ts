import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import { toError } from '@backstage/errors';
import { normalHost, parseImageRepository } from './ImageRepository';

/** User and password for one registry. */
export interface RegistryCredentials {
  /** Host with port, e.g. `registry.example.com:5000`. */
  registry: string;
  username: string;
  password: string;
}

/** Where versions are looked for: section `meshUpgrade.versions`. */
export interface VersionsConfig {
  /** Undefined: the hub of each control plane is asked for `pilot`. */
  repositories?: string[];
  /** Hosts spoken to without TLS. */
  insecureRegistries: string[];
  credentials: RegistryCredentials[];
  refreshInterval: HumanDuration;
  /** What could not be used, one sentence each, without secrets; the rest still works. */
  problems: string[];
}

const DEFAULT_INTERVAL: HumanDuration = { minutes: 10 };
const MIN_INTERVAL: HumanDuration = { seconds: 10 };

/** Never throws: a wrong entry becomes a problem and is left out. */
export function readVersionsConfig(root: Config): VersionsConfig {
  const problems: string[] = [];
  const attempt = <T>(read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      problems.push(toError(error).message);
      return fallback;
    }
  };
  const config = attempt(
    () => root.getOptionalConfig('meshUpgrade.versions'),
    undefined,
  );

  const repositories = attempt(
    () => config?.getOptionalStringArray('repositories'),
    undefined,
  )?.filter(repository =>
    attempt(() => Boolean(parseImageRepository(repository)), false),
  );
  const credentials = attempt(
    () => config?.getOptionalConfigArray('credentials') ?? [],
    [],
  ).flatMap(entry =>
    attempt(
      () => [
        {
          registry: normalHost(entry.getString('registry')),
          username: entry.getString('username'),
          password: entry.getString('password'),
        },
      ],
      [],
    ),
  );
  return {
    repositories: repositories?.length ? repositories : undefined,
    insecureRegistries: attempt(
      () => config?.getOptionalStringArray('insecureRegistries') ?? [],
      [],
    ).map(normalHost),
    credentials,
    refreshInterval: attempt(() => readInterval(config), DEFAULT_INTERVAL),
    problems,
  };
}

function readInterval(config: Config | undefined): HumanDuration {
  if (!config?.has('refreshInterval')) {
    return DEFAULT_INTERVAL;
  }
  const interval = readDurationFromConfig(config, { key: 'refreshInterval' });
  // Registries limit how often they may be asked.
  return durationToMilliseconds(interval) < durationToMilliseconds(MIN_INTERVAL)
    ? MIN_INTERVAL
    : interval;
}
