import { createCredentials } from './credentials.mjs';
import { removeCgroup } from './cgroups.mjs';
import { claimNetwork, removeCable } from './network.mjs';

/** What a real node takes of the machine: a network, a cgroup, and credentials in `directory`. */
export async function claimRealNode(directory) {
  const network = await claimNetwork();
  return {
    network,
    cgroup: `mesh-upgrade-${network.link}`,
    credentials: await createCredentials(directory),
  };
}

/** Gives back what outlives the node's processes. */
export async function releaseRealNode({ network, cgroup }) {
  await removeCable(network);
  await removeCgroup(cgroup);
}
