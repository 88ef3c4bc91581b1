import { TestbedError } from '../errors.mjs';
import { runCommand } from '../run-command.mjs';

// KWOK gives its pods addresses below these.
const FIRST = 192;
const COUNT = 63;

/** The addresses of one cluster with a real node, all within 10.`index`.0.0/16. */
export function networkOf(index) {
  const prefix = `10.${index}`;
  return {
    index,
    /** The machine's end of the cable to the node, and the node's own. */
    link: `testbed${index}`,
    peer: `testbed${index}n`,
    hostAddress: `${prefix}.0.1`,
    nodeAddress: `${prefix}.0.2`,
    pods: `${prefix}.16.0/20`,
    services: `${prefix}.128.0/17`,
    /** Address of the Service "kubernetes": the first of the range. */
    apiAddress: `${prefix}.128.1`,
  };
}

/** Those that no address and no route of this machine has, in any order that begins somewhere. */
export function freeIndexes(addressesAndRoutes, start) {
  return Array.from({ length: COUNT }, (_, step) => {
    return FIRST + ((start + step) % COUNT);
  }).filter(
    index => !new RegExp(`\\b10\\.${index}\\.\\d`).test(addressesAndRoutes),
  );
}

/** Takes addresses that are free on this machine. The cable is the claim: another testbed cannot make one of the same name. */
export async function claimNetwork() {
  const taken = `${await ip('-4', 'address')}${await ip('-4', 'route')}`;
  const start = Math.floor(Math.random() * COUNT);
  for (const index of freeIndexes(taken, start)) {
    const network = networkOf(index);
    try {
      await createCable(network);
      return network;
    } catch (error) {
      if (!/File exists/.test(error.message)) throw error;
    }
  }
  throw new TestbedError(
    `no network from 10.${FIRST}.0.0/16 to 10.${
      FIRST + COUNT - 1
    }.0.0/16 is free for a real node`,
  );
}

/** Makes the cable with the machine's addresses at its end; it is gone as soon as the node that held its other end is. */
export async function createCable(network) {
  const { link, peer, hostAddress, nodeAddress, apiAddress, pods } = network;
  await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', peer);
  await ip('address', 'add', `${hostAddress}/30`, 'dev', link);
  await ip('address', 'add', `${apiAddress}/32`, 'dev', link);
  await ip('link', 'set', link, 'up');
  await ip('route', 'add', pods, 'via', nodeAddress, 'dev', link);
}

export async function hasCable({ link }) {
  const links = JSON.parse(await ip('-json', 'link'));
  return links.some(({ ifname }) => ifname === link);
}

/** Gives the other end to the node in whose network namespace `pid` is. */
export function plugIn({ peer }, pid) {
  return ip('link', 'set', peer, 'netns', String(pid), 'name', 'eth0');
}

/** The kernel removes it as well, at its leisure, once the node has ended. */
export async function removeCable({ link }) {
  try {
    await ip('link', 'delete', link);
  } catch (error) {
    if (!/Cannot find device/.test(error.message)) throw error;
  }
}

function ip(...args) {
  return runCommand('ip', args);
}
