import type { Knex } from 'knex';
import type { SourceAnswer, SourceRecord, SourceStore } from './types';

const TABLE = 'version_sources';

interface SourceRow {
  name: string;
  answer: string | null;
  seen_at: number | string | null;
  asked_at: number | string;
  error: string | null;
  retry_at: number | string | null;
}

type Summary = Omit<SourceRow, 'answer'>;

/**
 * Answers in the plugin's database. Lists of tags are long and change rarely:
 * one is read again only when another replica wrote a newer one.
 */
export class DatabaseSourceStore implements SourceStore {
  readonly #knex: Knex;
  readonly #answers = new Map<
    string,
    { seenAt: number; answer: SourceAnswer }
  >();

  static create(knex: Knex): DatabaseSourceStore {
    return new DatabaseSourceStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async records(): Promise<Map<string, SourceRecord>> {
    const rows: Summary[] = await this.#knex<SourceRow>(TABLE).select(
      'name',
      'seen_at',
      'asked_at',
      'error',
      'retry_at',
    );
    await this.#readAnswers(rows.filter(row => this.#isNew(row)));
    return new Map(rows.map(row => [row.name, this.#record(row)]));
  }

  async saveAnswer(
    name: string,
    told: { answer: SourceAnswer; at: Date },
  ): Promise<void> {
    const at = told.at.getTime();
    await this.#save({
      name,
      answer: JSON.stringify(told.answer),
      seen_at: at,
      asked_at: at,
      error: null,
      retry_at: null,
    });
    this.#answers.set(name, { seenAt: at, answer: told.answer });
  }

  async saveFailure(
    name: string,
    failure: { error: string; at: Date; retryAt?: Date },
  ): Promise<void> {
    await this.#save({
      name,
      asked_at: failure.at.getTime(),
      error: failure.error,
      retry_at: failure.retryAt?.getTime() ?? null,
    });
  }

  async forgetBefore(time: Date): Promise<void> {
    await this.#knex(TABLE).where('asked_at', '<', time.getTime()).delete();
  }

  async #save(row: Partial<SourceRow> & { name: string }): Promise<void> {
    await this.#knex(TABLE).insert(row).onConflict('name').merge();
  }

  #isNew(row: Summary): boolean {
    return (
      row.seen_at !== null &&
      this.#answers.get(row.name)?.seenAt !== Number(row.seen_at)
    );
  }

  async #readAnswers(changed: Summary[]): Promise<void> {
    if (changed.length === 0) {
      return;
    }
    const rows: Pick<SourceRow, 'name' | 'answer' | 'seen_at'>[] =
      await this.#knex<SourceRow>(TABLE)
        .select('name', 'answer', 'seen_at')
        .whereIn(
          'name',
          changed.map(({ name }) => name),
        );
    for (const { name, answer, seen_at } of rows) {
      if (answer !== null) {
        this.#answers.set(name, {
          seenAt: Number(seen_at),
          answer: JSON.parse(answer),
        });
      }
    }
  }

  #record(row: Summary): SourceRecord {
    return {
      name: row.name,
      answer: this.#answers.get(row.name)?.answer,
      seenAt: toDate(row.seen_at),
      askedAt: new Date(Number(row.asked_at)),
      error: row.error ?? undefined,
      retryAt: toDate(row.retry_at),
    };
  }
}

/** PostgreSQL answers bigint as a string. */
function toDate(value: number | string | null): Date | undefined {
  return value === null ? undefined : new Date(Number(value));
}
