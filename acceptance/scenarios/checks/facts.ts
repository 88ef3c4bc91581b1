import type { World } from '../../World';

/** An upgrade that is checked. */
export interface CheckedUpgrade {
  meshId: string;
  target: string;
}

/** What has to be known of a world to say what its checks find. */
export interface CheckFacts {
  /** A mesh in good order, and one of its clusters, whose istiod nobody but a scenario changes. */
  tidy: CheckedUpgrade & { cluster: string };
  /** Meshes with a cluster whose Kubernetes is below and above what the target supports. */
  tooLow: CheckedUpgrade & { cluster: string };
  tooHigh: CheckedUpgrade & { cluster: string };
}

const FACTS: Record<string, CheckFacts> = {
  lab: {
    tidy: { meshId: 'payments', target: '1.30.3', cluster: 'payments' },
    tooLow: { meshId: 'edge', target: '1.30.3-mspider', cluster: 'edge' },
    tooHigh: { meshId: 'shop', target: '1.30.3', cluster: 'prod-eu' },
  },
  testbed: {
    tidy: { meshId: 'main', target: '1.30.3', cluster: 'main' },
    tooLow: { meshId: 'old', target: '1.30.3', cluster: 'old' },
    tooHigh: { meshId: 'new', target: '1.30.3', cluster: 'new' },
  },
};

/** @throws Error for a world that nothing is known of. */
export function factsOf({ name }: World): CheckFacts {
  const facts = FACTS[name];
  if (!facts) {
    throw new Error(`Nothing is known of the checks on ${name}`);
  }
  return facts;
}
