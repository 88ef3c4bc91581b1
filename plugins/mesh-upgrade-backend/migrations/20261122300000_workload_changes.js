// @ts-check

/**
 * Which workloads changed since a mark of their cluster: whoever keeps them in
 * memory reads these again, not all.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('workload_changes', table => {
    table.bigIncrements('id').comment('As text the mark of its cluster');
    table
      .string('cluster', 255)
      .notNullable()
      .comment('Configured name of the cluster');
    table
      .string('workload_id', 512)
      .comment('Changed or removed; null when all of the cluster may be');
    table.index(['cluster', 'id'], 'workload_changes_by_cluster');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('workload_changes');
};
