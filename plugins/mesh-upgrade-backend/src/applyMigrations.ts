import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** The plugin's database, migrated unless the host says it migrates itself. */
export async function applyMigrations(
  database: DatabaseService,
): Promise<Knex> {
  const knex = await database.getClient();
  if (knex.client.config.client === 'better-sqlite3') {
    // Its default journal makes every commit wait for the disk several times, and all requests with it.
    await knex.raw('pragma journal_mode = wal');
  }
  if (!database.migrations?.skip) {
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
  }
  return knex;
}
