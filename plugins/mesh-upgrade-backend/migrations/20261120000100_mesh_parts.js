// @ts-check

/**
 * Revisions, tags, gateways and node agents of a mesh as one cluster shows
 * them, and how many pods run each version of the proxy. Rebuilt from the clusters like the rest of the inventory.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('mesh_parts', table => {
    table
      .string('cluster', 255)
      .notNullable()
      .comment('Configured name of the cluster');
    table.string('mesh_id', 255).notNullable().comment('Mesh of the parts');
    table.text('view').notNullable().comment('JSON MeshParts');
    table.primary(['cluster', 'mesh_id']);
  });

  await knex.schema.createTable('proxy_versions', table => {
    table
      .string('cluster', 255)
      .notNullable()
      .comment('Configured name of the cluster');
    table.string('mesh_id', 255).notNullable().comment('Mesh of the pods');
    table
      .string('version', 255)
      .notNullable()
      .comment('Version of the proxy, or unknown');
    table.integer('pods').notNullable().comment('Live pods that run it');
    table.primary(['cluster', 'mesh_id', 'version']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('proxy_versions');
  await knex.schema.dropTable('mesh_parts');
};
