/** A resource of the Kubernetes API; the core group is `''`. @public */
export interface ResourceType {
  group: string;
  version: string;
  /** Plural name as in the address, e.g. `deployments`. */
  resource: string;
}

/** @public */
export interface ObjectRef extends ResourceType {
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** The part every object has. @public */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: {
      kind: string;
      name: string;
      uid: string;
      controller?: boolean;
      apiVersion?: string;
    }[];
  };
}

/** What an access review asks. @public */
export interface AccessQuestion {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
}
