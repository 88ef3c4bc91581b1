// @ts-check

/**
 * Times are milliseconds since 1970 by the database's clock, so that SQLite
 * and PostgreSQL compare them alike and no replica's clock matters.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('runs', table => {
    table.comment('Upgrades of meshes and of sidecars');
    table.string('id', 36).primary().comment('Random UUID');
    table.string('kind', 16).notNullable().comment('mesh or sidecars');
    table.string('state', 16).notNullable().comment('See transitions.ts');
    table
      .string('mesh_id')
      .comment('Absent when workloads of several meshes are restarted');
    table.string('from_version').comment('Version before; absent when mixed');
    table.string('target_version').notNullable().comment('Version wanted');
    table
      .string('started_by')
      .notNullable()
      .comment('Entity ref of a user or service');
    table
      .text('plan')
      .notNullable()
      .comment('JSON of the plan that was confirmed');
    table.text('message').comment('Why it failed or what it waits for');
    table.bigInteger('created_at').notNullable().comment('Milliseconds');
    table.bigInteger('started_at').comment('Milliseconds');
    table
      .bigInteger('ended_at')
      .comment('Milliseconds; present in final states only');
    table
      .string('stop_requested_by')
      .comment('Entity ref of who asked to stop');
    table.string('lease_owner').comment('Engine that drives the run');
    table
      .integer('lease_epoch')
      .notNullable()
      .defaultTo(0)
      .comment('Raised at every claim; fences writes');
    table
      .bigInteger('lease_expires_at')
      .notNullable()
      .defaultTo(0)
      .comment('Milliseconds; may be claimed after it');
    table.index(['state', 'lease_expires_at']);
    table.index(['mesh_id', 'created_at']);
  });

  await knex.schema.createTable('run_steps', table => {
    table.comment('Steps of a run: one object each');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('runs')
      .onDelete('CASCADE')
      .comment('The run');
    table.string('id', 64).notNullable().comment('Unique within the run');
    table.integer('ordinal').notNullable().comment('Order within the run');
    table.string('phase', 16).notNullable().comment('upgrade or healthCheck');
    table.string('title').notNullable().comment('The object, for people');
    table.string('cluster').notNullable().comment('Name of the cluster');
    table
      .string('action', 64)
      .notNullable()
      .comment('Which actuator drives it');
    table.text('workload').comment('Workload id, in sidecar runs');
    table.string('state', 16).notNullable().comment('See transitions.ts');
    table.text('message').notNullable().comment('Where it is, in words');
    table
      .text('parameters')
      .notNullable()
      .comment('JSON: what the plan says; never changes');
    table
      .text('intent')
      .comment('JSON: content of the write, recorded before it');
    table.text('detail').comment('JSON: memory of the actuator');
    table
      .text('track')
      .notNullable()
      .comment('JSON: writes, errors and progress so far');
    table.text('progress').comment('JSON: done and total');
    table.bigInteger('started_at').comment('Milliseconds');
    table.bigInteger('ended_at').comment('Milliseconds');
    table.primary(['run_id', 'id']);
    table.index(['workload']);
  });

  await knex.schema.createTable('run_events', table => {
    table.comment('Append-only log of runs; also progress feed and history');
    table.increments('id').comment('Ascending; the cursor of readers');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('runs')
      .onDelete('CASCADE')
      .comment('The run');
    table.string('step_id', 64).comment('The step it is about');
    table.bigInteger('at').notNullable().comment('Milliseconds');
    table.string('level', 16).notNullable().comment('info, warning or error');
    table.text('message').notNullable().comment('In words');
    table.index(['run_id', 'id']);
  });

  await knex.schema.createTable('run_locks', table => {
    table.comment(
      'What active runs hold: a mesh alone or shared, a workload alone',
    );
    table
      .string('key', 1024)
      .notNullable()
      .comment('mesh:<id> or workload:<id>');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('runs')
      .onDelete('CASCADE')
      .comment('The holder');
    table
      .boolean('exclusive')
      .notNullable()
      .comment('False: other runs may hold the same key, not exclusively');
    table.primary(['key', 'run_id']);
  });

  await knex.schema.createTable('run_gates', table => {
    table.comment(
      'One row, written first by every start, so that starts queue and see the locks of those before',
    );
    table.string('name', 16).primary().comment('Always start');
    table.integer('passes').notNullable().comment('Only there to be written');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('run_gates');
  await knex.schema.dropTable('run_locks');
  await knex.schema.dropTable('run_events');
  await knex.schema.dropTable('run_steps');
  await knex.schema.dropTable('runs');
};
