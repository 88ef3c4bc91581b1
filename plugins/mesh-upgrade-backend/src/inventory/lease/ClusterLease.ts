import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { databaseNow } from '../../database/databaseClock';

const TABLE = 'cluster_leases';

/**
 * The right of one replica to watch a cluster and to write what it sees. Time
 * is the database's alone: clocks of replicas that are off do no harm.
 */
export class ClusterLease {
  readonly #knex: Knex;
  readonly #cluster: string;
  readonly #holder: string;
  readonly #ttlMs: number;

  static create(options: {
    database: Knex;
    cluster: string;
    /** Names this replica among all others. */
    holder: string;
    /** Milliseconds until a lease that is not renewed is free. */
    ttlMs: number;
  }): ClusterLease {
    return new ClusterLease(options);
  }

  private constructor(options: {
    database: Knex;
    cluster: string;
    holder: string;
    ttlMs: number;
  }) {
    this.#knex = options.database;
    this.#cluster = options.cluster;
    this.#holder = options.holder;
    this.#ttlMs = options.ttlMs;
  }

  /** Takes the lease when it is free, or renews it. False when another replica holds it. */
  async acquire(): Promise<boolean> {
    const expiresAt = databaseNow(this.#knex, this.#ttlMs);
    const taken = await this.#knex(TABLE)
      .where({ cluster: this.#cluster })
      .where(free =>
        free
          .where({ holder: this.#holder })
          .orWhere('expires_at', '<=', databaseNow(this.#knex)),
      )
      .update({ holder: this.#holder, expires_at: expiresAt });
    if (taken > 0) {
      return true;
    }
    await this.#knex(TABLE)
      .insert({
        cluster: this.#cluster,
        holder: this.#holder,
        expires_at: expiresAt,
      })
      .onConflict('cluster')
      .ignore();
    return this.#isHeld(this.#knex);
  }

  /**
   * Makes a transaction fail that would store what a replica saw after it lost
   * the lease, e.g. because its process was frozen for a while.
   *
   * @throws ConflictError when another replica holds the lease or it ran out
   */
  async assertHeld(trx: Knex.Transaction): Promise<void> {
    if (!(await this.#isHeld(trx))) {
      throw new ConflictError(
        `This replica does not watch cluster '${
          this.#cluster
        }' any more; another one does`,
      );
    }
  }

  /** Frees the lease at once instead of when it runs out. */
  async release(): Promise<void> {
    await this.#knex(TABLE)
      .where({ cluster: this.#cluster, holder: this.#holder })
      .delete();
  }

  async #isHeld(knex: Knex): Promise<boolean> {
    const query = knex(TABLE)
      .where({ cluster: this.#cluster, holder: this.#holder })
      .where('expires_at', '>', databaseNow(this.#knex));
    // The row stays locked until the transaction ends, so nobody takes over in between.
    const row = await (knex.isTransaction ? query.forUpdate() : query).first();
    return row !== undefined;
  }
}
