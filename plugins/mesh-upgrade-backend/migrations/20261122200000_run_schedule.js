// @ts-check

/**
 * What runs wait for before and between their steps, which runs belong
 * together, and the order of steps over clusters.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('runs', table => {
    table
      .bigInteger('start_at')
      .comment('Milliseconds; nothing is changed before; absent: at once');
    table
      .text('meshes')
      .notNullable()
      .defaultTo('[]')
      .comment('JSON: ids of all meshes it touches');
    table.text('subject').comment('JSON UpgradeSubject: what was asked for');
    table
      .text('consents')
      .notNullable()
      .defaultTo('[]')
      .comment('JSON: ids of the findings that were consented to');
    table
      .text('waits_for')
      .comment('JSON RunWait: what keeps it from going on');
    table
      .boolean('needs_approval')
      .notNullable()
      .defaultTo(false)
      .comment('Nothing is changed before somebody else approves');
    table.string('decision', 16).comment('approved or rejected');
    table.string('decided_by').comment('Entity ref of who decided');
    table.bigInteger('decided_at').comment('Milliseconds');
    table.text('decision_reason').comment('Why it was rejected');
    table
      .string('retry_of', 36)
      .comment('The failed or stopped run whose rest it does');
    table.string('return_of', 36).comment('The run that it takes back');
    table
      .bigInteger('due_at')
      .comment('Milliseconds; no engine needs to look before');
    table
      .integer('requests')
      .notNullable()
      .defaultTo(0)
      .comment('Raised by every request of a person; each makes it due');
    table
      .text('drift')
      .comment('JSON: who had changed which object, and what was told');
    table.index(['created_at']);
  });
  await knex.schema.alterTable('run_steps', table => {
    table
      .integer('stage')
      .notNullable()
      .defaultTo(0)
      .comment('Begins when every step of the stages before has succeeded');
  });
  await knex.schema.alterTable('run_events', table => {
    table
      .boolean('output')
      .notNullable()
      .defaultTo(false)
      .comment('A line that a Job printed');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('run_events', table => {
    table.dropColumn('output');
  });
  await knex.schema.alterTable('run_steps', table => {
    table.dropColumn('stage');
  });
  await knex.schema.alterTable('runs', table => {
    table.dropIndex(['created_at']);
    for (const column of [
      'start_at',
      'meshes',
      'subject',
      'consents',
      'waits_for',
      'needs_approval',
      'decision',
      'decided_by',
      'decided_at',
      'decision_reason',
      'retry_of',
      'return_of',
      'due_at',
      'requests',
      'drift',
    ]) {
      table.dropColumn(column);
    }
  });
};
