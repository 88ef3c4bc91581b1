import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockServices,
  type TestDatabases,
} from '@backstage/backend-test-utils';
import { adminToken, type Lab } from '@internal/lab';
import type { Knex } from 'knex';
import { DefaultClusterRegistry } from '../../clusters';
import type { OwnershipIndex } from '../types';

/** Quick enough for tests, in the proportions of the real ones. */
export const TIMING = {
  gatherMs: 20,
  probeIntervalMs: 200,
  backoff: { initialMs: 20, maxMs: 200 },
};

/** No entity owns anything. */
export const NOBODY: OwnershipIndex = {
  ownersOf: () => [],
  onChange: () => () => {},
};

/** Clusters of a lab, as the configuration names them; with the token of the lab unless told. */
export function labClusters(
  lab: Lab,
  names: string[],
  credentials = (name: string): object => ({ token: adminToken(name) }),
): Promise<DefaultClusterRegistry> {
  return DefaultClusterRegistry.fromConfig(
    mockServices.rootConfig({
      data: {
        meshUpgrade: {
          clusters: names.map(name => ({
            name,
            url: `${lab.url}/clusters/${name}`,
            ...credentials(name),
          })),
        },
      },
    }),
    { logger: mockServices.logger.mock() },
  );
}

/** An empty database with the tables of the product. */
export async function migratedDatabase(
  databases: TestDatabases,
  id: Parameters<TestDatabases['init']>[0],
): Promise<Knex> {
  const database = await databases.init(id);
  await database.migrate.latest({
    directory: resolvePackagePath(
      '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
      'migrations',
    ),
  });
  return database;
}

/** Resolves when the assertion holds; throws what it says after twenty seconds. */
export async function eventually(
  assertion: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 25));
    }
  }
}
