import knexFactory from 'knex';
import { createWriteTurns } from './writeTurns';

describe('turns of writes', () => {
  it('let a question on SQLite wait for one write, however many are due', async () => {
    const database = knexFactory({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
    });
    try {
      await database.schema.createTable('told', table => table.string('what'));
      const turns = createWriteTurns(database);
      const done: string[] = [];
      let begun = () => {};
      const writing = new Promise<void>(resolve => {
        begun = resolve;
      });
      const writes = ['a', 'b', 'c', 'd', 'e', 'f'].map(what =>
        turns(async () => {
          await database.transaction(async trx => {
            begun();
            // By now every other write that may begin has asked for the connection.
            await new Promise(setImmediate);
            await trx('told').insert({ what });
          });
          done.push(what);
        }),
      );
      await writing;
      await new Promise(setImmediate);
      await database('told').select();
      done.push('question');
      await Promise.all(writes);
      // The first one was under way, and the second may have been.
      expect(done.indexOf('question')).toBeLessThanOrEqual(2);
    } finally {
      await database.destroy();
    }
  });

  it('go on after a write that failed', async () => {
    const turns = createWriteTurns(
      knexFactory({ client: 'better-sqlite3', useNullAsDefault: true }),
    );
    const failed = turns(async () => {
      throw new Error('disk full');
    });
    await expect(failed).rejects.toThrow('disk full');
    await expect(turns(async () => undefined)).resolves.toBeUndefined();
  });
});
