// @ts-check

/**
 * Which replica watches a cluster. One does; the others read what it stores
 * and take over when its lease runs out.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('cluster_leases', table => {
    table.string('cluster', 255).primary().comment('Configured name');
    table
      .string('holder', 64)
      .notNullable()
      .comment('Replica that watches the cluster');
    table
      .bigInteger('expires_at')
      .notNullable()
      .comment("Milliseconds since 1970 by the database's clock");
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('cluster_leases');
};
