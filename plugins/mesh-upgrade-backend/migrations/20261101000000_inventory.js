// @ts-check

/**
 * What the clusters show. Everything here is rebuilt from the clusters; it is
 * stored so that any replica answers reads without asking a cluster.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('clusters', table => {
    table.string('name', 255).primary().comment('Configured name');
    table.text('title').notNullable().comment('Name for people');
    table.string('mode', 16).notNullable().comment('read, restart or full');
    table
      .text('kubernetes_version')
      .comment('As /version tells it; null until known');
    table
      .string('health_state', 16)
      .notNullable()
      .comment('ClusterHealthState');
    table.text('health_reason').comment("Why, in the API server's own words");
    table.text('health_remedy').comment('What a person can do about it');
    table
      .string('health_since', 32)
      .notNullable()
      .comment('ISO time since when the state holds');
    table
      .string('observed_at', 32)
      .comment('ISO time when what is stored was last known to be true');
    table
      .text('mesh_ids')
      .notNullable()
      .comment('JSON array of the meshes seen on the cluster');
  });

  await knex.schema.createTable('control_planes', table => {
    table
      .string('id', 512)
      .primary()
      .comment('cluster/namespace/name of the Deployment');
    table
      .string('cluster', 255)
      .notNullable()
      .index()
      .comment('Configured name of the cluster');
    table
      .string('mesh_id', 255)
      .notNullable()
      .index()
      .comment('Mesh the control plane belongs to');
    table.text('hub').notNullable().comment('Image hub without the image name');
    table.text('view').notNullable().comment('JSON ControlPlaneView');
  });

  await knex.schema.createTable('workloads', table => {
    table.string('id', 512).primary().comment('cluster/namespace/kind/name');
    table
      .string('cluster', 255)
      .notNullable()
      .index()
      .comment('Configured name of the cluster');
    table
      .string('namespace', 63)
      .notNullable()
      .index()
      .comment('Kubernetes namespace');
    table
      .string('kind', 32)
      .notNullable()
      .comment('Deployment, StatefulSet or DaemonSet');
    table.string('name', 253).notNullable().comment('Name of the workload');
    table.string('mesh_id', 255).index().comment('Mesh the workload counts to');
    table.string('status', 16).notNullable().index().comment('InjectionStatus');
    table
      .integer('outdated')
      .notNullable()
      .comment('1 when a live pod runs another version than a new one would');
    table
      .integer('pods_injected')
      .notNullable()
      .comment('Live pods with a sidecar');
    table
      .integer('pods_current')
      .notNullable()
      .comment('Live pods that run the desired version');
    table.text('view').notNullable().comment('JSON WorkloadView');
    table.text('pods').notNullable().comment('JSON array of WorkloadPod');
    table.index(['outdated', 'namespace', 'name', 'id'], 'workloads_order_idx');
  });

  await knex.schema.createTable('workload_owners', table => {
    table
      .string('workload_id', 512)
      .notNullable()
      .comment('Id of the workload');
    table
      .string('owner', 255)
      .notNullable()
      .index()
      .comment('Entity ref of an owner');
    table.primary(['workload_id', 'owner']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('workload_owners');
  await knex.schema.dropTable('workloads');
  await knex.schema.dropTable('control_planes');
  await knex.schema.dropTable('clusters');
};
