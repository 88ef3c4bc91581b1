// @ts-check

/**
 * Workloads are found by the Services that select their pods. What is stored
 * gets its Services with the next collection.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workloads', table => {
    table
      .text('services')
      .notNullable()
      .defaultTo('')
      .comment('Names of the Services that select its pods, between spaces');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('alter table workloads drop column ??', ['services']);
};
