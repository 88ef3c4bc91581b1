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
      const write = (name: string) =>
        turns(async () => {
          await database.transaction(async trx => {
            await trx('told').insert({ what: name });
          });
          done.push(name);
        });
      const writes = ['a', 'b', 'c'].map(write);
      const question = database('told')
        .select()
        .then(() => done.push('question'));
      await Promise.all([...writes, question]);
      expect(done.indexOf('question')).toBeLessThan(done.indexOf('b'));
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
