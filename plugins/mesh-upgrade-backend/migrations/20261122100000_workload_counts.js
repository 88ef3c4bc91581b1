// @ts-check

/**
 * Workloads are counted by these columns, cluster by cluster: with all of them
 * in an index no row is read for it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workloads', table => {
    table.index(
      [
        'cluster',
        'mesh_id',
        'namespace',
        'kind',
        'status',
        'versions',
        'outdated',
      ],
      'workloads_by_counted',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('workloads', table => {
    table.dropIndex([], 'workloads_by_counted');
  });
};
