// @ts-check

/**
 * What registries and operators last answered, so that a restart and the other
 * replicas know it while a source is silent.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('version_sources', table => {
    table.string('name', 512).primary().comment('e.g. docker.io/istio/pilot');
    table.text('answer').comment('JSON SourceAnswer of the last good answer');
    table.bigInteger('seen_at').comment('When it came, ms since 1970');
    table
      .bigInteger('asked_at')
      .notNullable()
      .comment('When the source was last asked, ms since 1970');
    table.text('error').comment('Why the last question failed');
    table
      .bigInteger('retry_at')
      .comment('The source asked not to be asked before, ms since 1970');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('version_sources');
};
