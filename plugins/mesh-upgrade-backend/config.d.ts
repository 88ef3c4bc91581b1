import type { HumanDuration } from '@backstage/types';

export interface Config {
  /**
   * Mesh Upgrade. Everything is optional; what is missing or wrong shows on the
   * cluster or mesh it concerns and never stops the backend.
   */
  meshUpgrade?: {
    /**
     * Clusters to watch. When neither this nor `kubeconfig` is given, the
     * clusters of `kubernetes.clusterLocatorMethods` (type `config`, provider
     * `serviceAccount`) are read.
     */
    clusters?: Array<{
      /** Unique name; part of workload ids. */
      name: string;
      /** What people see; the name when absent. */
      title?: string;
      /** Address of the API server. */
      url: string;
      /**
       * `read` only looks, `restart` also restarts workloads, `full` also
       * upgrades control planes. Default: `read`.
       */
      mode?: 'read' | 'restart' | 'full';
      /**
       * Bearer token of a service account.
       * @visibility secret
       */
      token?: string;
      /** File with the token; read again when it changes. */
      tokenFile?: string;
      /**
       * Base64 PEM of a client certificate.
       * @visibility secret
       */
      clientCertificate?: string;
      /**
       * Base64 PEM of its key.
       * @visibility secret
       */
      clientKey?: string;
      /** Base64 PEM of the API server's CA. */
      caData?: string;
      /** File with the CA. */
      caFile?: string;
      /** Accept any certificate; for laboratories only. */
      skipTLSVerify?: boolean;
    }>;
    /** Kubeconfig files whose contexts become clusters. */
    kubeconfig?: Array<{
      file: string;
      /** All contexts when absent. */
      contexts?: string[];
      /** As above; default `read`. */
      mode?: 'read' | 'restart' | 'full';
    }>;
    /**
     * Overrides how control planes are grouped into meshes. Default: by the
     * mesh id of the injector configuration, else by cluster.
     */
    meshes?: Array<{
      /** Part of addresses; letters, digits and dashes. */
      id: string;
      name?: string;
      /** Names of clusters. */
      clusters: string[];
    }>;
    /**
     * Kinds that run pods besides Deployment, StatefulSet, DaemonSet,
     * ReplicaSet, ReplicationController, Argo Rollout, OpenShift
     * DeploymentConfig, Kruise CloneSet, Job, CronJob and Pod. Read where a
     * cluster serves them; paths are names with dots, e.g. `spec.template`.
     */
    customWorkloads?: Array<{
      /** e.g. `apps.example.com`. */
      group: string;
      version: string;
      /** Plural name as in addresses. */
      resource: string;
      kind: string;
      /** Default: `spec.template`. */
      podTemplatePath?: string;
      replicasPath?: string;
      readyReplicasPath?: string;
    }>;
    /** Where the versions on offer come from, and what is known about them. */
    versions?: {
      /**
       * e.g. `docker.io/istio/pilot`. Default: `<hub>/pilot` of each control
       * plane. An empty list asks no registry.
       */
      repositories?: string[];
      /** Versions that exist besides, for sites whose registry cannot be asked, e.g. `1.30.3`. */
      static?: string[];
      /** Other sources for single meshes. */
      meshes?: Array<{
        /** Id of the mesh. */
        id: string;
        /** In place of those above. */
        repositories?: string[];
        /** Besides those above. */
        static?: string[];
      }>;
      /** Other addresses of repositories, asked in this order before the repository itself. */
      mirrors?: Array<{
        /** A repository or the first part of it, e.g. `docker.io/istio` or `docker.io`. */
        repository: string;
        /** What takes its place, e.g. `mirror.example.com/istio`. */
        address: string;
      }>;
      /** Registries (`host:port`) that speak plain HTTP. */
      insecureRegistries?: string[];
      /** Registries whose certificate is signed by an authority of your own. */
      certificateAuthorities?: Array<{
        /** `host` or `host:port`. */
        registry: string;
        /** PEM file; read again each time. */
        caFile?: string;
        /** Base64 PEM, in place of the file. */
        caData?: string;
      }>;
      credentials?: Array<{
        registry: string;
        username: string;
        /** @visibility secret */
        password: string;
      }>;
      /** How often registries and operators are asked. Default: 10 minutes. */
      refreshInterval?: HumanDuration;
      /**
       * Rows that count in place of the built-in ones. What a row does not say
       * stays as it is.
       */
      supportMatrix?: Array<{
        /** Minor of Istio in quotes, e.g. `'1.30'`. */
        istio: string;
        /** Supported minors of Kubernetes, both included, e.g. `'1.32'`. */
        kubernetes?: { min: string; max: string };
        /** Last supported day, e.g. `'2026-11-30'`. */
        endOfLife?: string;
        /**
         * Whose clusters it counts for, all others when absent: `aks`, `kyma`
         * or `openshift` (who installed Istio), `gke`, `eks`, `k3s` or `rke2`
         * (whose Kubernetes it is).
         */
        provider?: string;
      }>;
    };
    /**
     * How runs go on. A rule of windows, approval, order or time-out that cannot
     * be read is no permission: nothing begins before it is corrected.
     */
    upgrades?: {
      /**
       * When steps may begin; at any time where no window names a run's kind,
       * mesh and cluster. What is under way finishes, and health checks, which
       * only look, are made at any time.
       */
      windows?: Array<{
        /** What people see. Default: `window 1`, `window 2`, … */
        name?: string;
        /** Ids; all meshes when absent. */
        meshes?: string[];
        /** Names; all clusters when absent. */
        clusters?: string[];
        /** All kinds when absent. */
        kinds?: Array<'mesh' | 'sidecars' | 'leftovers'>;
        /** Days on which it opens, `mon` to `sun`. */
        days: string[];
        /** e.g. `'22:00'`. A time that the clocks skip is as much later, one that comes twice is the first. */
        from: string;
        /** e.g. `'04:00'`; when not after `from`, on the day after. `'24:00'` is midnight. */
        to: string;
        /** IANA name, e.g. `Europe/Berlin`. */
        timeZone: string;
      }>;
      /**
       * Runs that change nothing before somebody else than who started them
       * agrees (permission `mesh-upgrade.run.approve`). Default: none.
       */
      approval?: {
        kinds: Array<'mesh' | 'sidecars' | 'leftovers'>;
        /** Ids; all meshes when absent. */
        meshes?: string[];
      };
      /** Names of clusters whose upgrade and health check come before those of the other clusters of their mesh. */
      canaryClusters?: string[];
      /** Clusters of a mesh whose control planes are upgraded side by side. Default: 1. */
      clustersAtOnce?: number;
      /** Workloads of a run that are restarted at the same time. Default: 3. */
      concurrency?: number;
      /** How long a step may make no progress before it fails. Default: 10 minutes. */
      stepTimeout?: HumanDuration | string;
      /** The Job that runs Helm inside the cluster it upgrades. */
      helm?: {
        /** Image with the `helm` command; it runs as user 65534 and can write to nothing but `/tmp`. */
        image?: string;
        /** e.g. `oci://registry.istio.io/release/charts`. */
        chartRepository?: string;
        /** The chart repository speaks plain HTTP. */
        plainHttp?: boolean;
        /** Namespace of the Jobs. Default: `mesh-upgrade`. */
        namespace?: string;
        /** Service account of the Jobs. Default: `mesh-upgrade-helm`. */
        serviceAccount?: string;
        /** Labels of the nodes that the Jobs may run on, e.g. those of an infrastructure pool. Default: any node. */
        nodeSelector?: { [label: string]: string };
        /** Taints of nodes that the Jobs bear, as Kubernetes writes them. */
        tolerations?: Array<{
          key?: string;
          operator?: 'Exists' | 'Equal';
          value?: string;
          effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
          tolerationSeconds?: number;
        }>;
      };
      /** The Job that runs istioctl inside the cluster it upgrades. */
      istioctl?: {
        /**
         * Image with the `istioctl` command, without a tag: the target version
         * is the tag. Default: `docker.io/istio/istioctl`.
         */
        image?: string;
        /** Namespace of the Jobs. Default: `mesh-upgrade`. */
        namespace?: string;
        /** Service account of the Jobs. Default: `mesh-upgrade-istioctl`. */
        serviceAccount?: string;
        /** As those of helm. */
        nodeSelector?: { [label: string]: string };
        /** As those of helm. */
        tolerations?: Array<{
          key?: string;
          operator?: 'Exists' | 'Equal';
          value?: string;
          effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
          tolerationSeconds?: number;
        }>;
        /**
         * The IstioOperator files that control planes were installed with.
         * istioctl loses what its file does not name, so a control plane
         * without one is not upgraded from here.
         */
        configurations?: Array<{
          cluster: string;
          /** Default: `default`. */
          revision?: string;
          /** Name of a ConfigMap in the namespace of the Jobs; or a Secret. */
          configMap?: string;
          /** Name of a Secret in the namespace of the Jobs. */
          secret?: string;
          /** Default: `istio.yaml`. */
          key?: string;
        }>;
      };
    };
  };
}
