// @ts-check

const SORT_INDEXES = {
  workloads_by_outdated: ['settled', 'namespace', 'name', 'id'],
  workloads_by_name: ['name', 'id'],
  workloads_by_namespace: ['namespace', 'name', 'id'],
  workloads_by_cluster: ['cluster', 'namespace', 'name', 'id'],
  workloads_by_version: ['version_key', 'namespace', 'name', 'id'],
  workloads_by_pods: ['pods_total', 'namespace', 'name', 'id'],
};

/**
 * Lists are filtered, sorted and counted on narrow rows; what is shown of a
 * workload lies beside them. The documents are kept: a cluster that cannot be
 * reached now stays readable. Its sort keys come with its next collection.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('workload_documents', table => {
    table
      .string('workload_id', 512)
      .primary()
      .comment('Id of the workload, cluster/namespace/kind/name');
    table.text('view').notNullable().comment('JSON WorkloadView');
    table.text('pods').notNullable().comment('JSON array of WorkloadPod');
  });
  await knex.raw(
    'insert into workload_documents (workload_id, view, pods) select id, view, pods from workloads',
  );
  await knex.schema.alterTable('workloads', table => {
    table.dropIndex(
      ['outdated', 'namespace', 'name', 'id'],
      'workloads_order_idx',
    );
  });
  await knex.raw('alter table workloads drop column view');
  await knex.raw('alter table workloads drop column pods');
  await knex.schema.alterTable('workloads', table => {
    table
      .integer('settled')
      .notNullable()
      .defaultTo(1)
      .comment('1 unless outdated: outdated ones sort first');
    table.integer('pods_total').notNullable().defaultTo(0).comment('Live pods');
    table
      .string('version_key', 255)
      .notNullable()
      .defaultTo('')
      .comment('Oldest proxy version in a form that sorts as text');
    table
      .text('versions')
      .notNullable()
      .defaultTo('')
      .comment('Proxy versions of the live pods, as |1.29.4|1.30.3|');
  });
  await knex.raw('update workloads set settled = 1 - outdated');
  // SQLite does not hold texts to a length.
  if (knex.client.config.client === 'pg') {
    await knex.raw('alter table workloads alter column kind type varchar(63)');
  }
  await knex.schema.alterTable('workloads', table => {
    for (const [name, columns] of Object.entries(SORT_INDEXES)) {
      table.index(columns, name);
    }
  });

  await knex.schema.createTable('workload_marks', table => {
    table
      .string('cluster', 255)
      .primary()
      .comment('Configured name of the cluster');
    table
      .string('mark', 36)
      .notNullable()
      .comment(
        'Another value after every change of its workloads: what was counted before is void',
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('workload_marks');
  await knex.schema.alterTable('workloads', table => {
    for (const [name, columns] of Object.entries(SORT_INDEXES)) {
      table.dropIndex(columns, name);
    }
  });
  for (const column of ['settled', 'pods_total', 'version_key', 'versions']) {
    await knex.raw('alter table workloads drop column ??', [column]);
  }
  await knex.schema.alterTable('workloads', table => {
    table
      .text('view')
      .notNullable()
      .defaultTo('{}')
      .comment('JSON WorkloadView');
    table
      .text('pods')
      .notNullable()
      .defaultTo('[]')
      .comment('JSON array of WorkloadPod');
    table.index(['outdated', 'namespace', 'name', 'id'], 'workloads_order_idx');
  });
  await knex.raw(
    'update workloads set view = (select view from workload_documents where workload_id = workloads.id), pods = (select pods from workload_documents where workload_id = workloads.id)',
  );
  await knex.schema.dropTable('workload_documents');
};
