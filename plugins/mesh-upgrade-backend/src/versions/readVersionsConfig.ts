import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError, toError } from '@backstage/errors';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import {
  BUILT_IN_MATRIX,
  overrideMatrix,
  parseIstioVersion,
  type SupportMatrix,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  normalHost,
  normalPrefix,
  parseImageRepository,
} from './registry/ImageRepository';
import type { RegistryAuthority } from './registry/transport';
import type { RegistryMirror } from './sources/MirroredRegistry';

/** User and password for one registry. */
export interface RegistryCredentials {
  /** Host with port, e.g. `registry.example.com:5000`. */
  registry: string;
  username: string;
  password: string;
}

/** Sources of one mesh. */
export interface MeshVersionsConfig {
  id: string;
  /** In place of those for all meshes. */
  repositories?: string[];
  /** Besides those for all meshes. */
  static: string[];
}

/** Where versions are looked for: section `meshUpgrade.versions`. */
export interface VersionsConfig {
  /** Undefined: the hub of each control plane is asked for `pilot`; empty: no registry is asked. */
  repositories?: string[];
  /** Versions that are known without asking. */
  static: string[];
  meshes: MeshVersionsConfig[];
  /** Asked in their order before the repository itself. */
  mirrors: RegistryMirror[];
  /** Hosts spoken to without TLS. */
  insecureRegistries: string[];
  certificateAuthorities: RegistryAuthority[];
  credentials: RegistryCredentials[];
  refreshInterval: HumanDuration;
  /** The built-in matrix with the configured overrides. */
  matrix: SupportMatrix;
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
  /** Each entry of a list that can be read. */
  const entries = <T>(key: string, read: (entry: Config) => T): T[] =>
    attempt(() => config?.getOptionalConfigArray(key) ?? [], []).flatMap(
      entry => attempt(() => [read(entry)], []),
    );
  const repositoriesOf = (owner: Config | undefined) => {
    const names = attempt(
      () => owner?.getOptionalStringArray('repositories'),
      undefined,
    );
    const usable = names?.filter(name =>
      attempt(() => Boolean(parseImageRepository(name)), false),
    );
    // Mistakes only are not the wish that no registry be asked.
    return names?.length && usable?.length === 0 ? undefined : usable;
  };
  const staticOf = (owner: Config | undefined) =>
    attempt(() => owner?.getOptionalStringArray('static') ?? [], []).filter(
      version => attempt(() => isVersion(version), false),
    );

  const matrix = overrideMatrix(
    BUILT_IN_MATRIX,
    attempt(() => config?.getOptional('supportMatrix'), undefined),
  );
  if (matrix.problem) {
    problems.push(matrix.problem);
  }
  return {
    repositories: repositoriesOf(config),
    static: staticOf(config),
    meshes: entries('meshes', entry => ({
      id: entry.getString('id'),
      repositories: repositoriesOf(entry),
      static: staticOf(entry),
    })),
    mirrors: entries('mirrors', readMirror),
    insecureRegistries: attempt(
      () => config?.getOptionalStringArray('insecureRegistries') ?? [],
      [],
    ).map(normalHost),
    certificateAuthorities: entries('certificateAuthorities', readAuthority),
    credentials: entries('credentials', entry => ({
      registry: normalHost(entry.getString('registry')),
      username: entry.getString('username'),
      password: entry.getString('password'),
    })),
    refreshInterval: attempt(() => readInterval(config), DEFAULT_INTERVAL),
    matrix,
    problems,
  };
}

function isVersion(version: string): boolean {
  if (!parseIstioVersion(version)) {
    throw new InputError(
      `static: '${version}' is not a version such as 1.30.3`,
    );
  }
  return true;
}

function readMirror(entry: Config): RegistryMirror {
  const repository = entry.getString('repository');
  const address = entry.getString('address');
  [repository, address].forEach(normalPrefix);
  return { repository, address };
}

function readAuthority(entry: Config): RegistryAuthority {
  const registry = normalHost(entry.getString('registry'));
  const caFile = entry.getOptionalString('caFile');
  const caData = entry.getOptionalString('caData');
  if ((caFile === undefined) === (caData === undefined)) {
    throw new InputError(
      `certificateAuthorities: ${registry} needs either caFile or caData`,
    );
  }
  return { registry, caFile, caData };
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
