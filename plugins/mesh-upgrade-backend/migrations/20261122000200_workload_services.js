// @ts-check

/**
 * Workloads are found by their name and by the Services that select their
 * pods. Lower case is stored, because making it for every row of every search
 * costs more than the search. What is stored gets its Services with the next
 * collection.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workloads', table => {
    table
      .text('search_text')
      .notNullable()
      .defaultTo('')
      .comment('Lower case: the id and the names of its Services');
  });
  await knex('workloads').update({ search_text: knex.raw('lower(id)') });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('alter table workloads drop column ??', ['search_text']);
};
