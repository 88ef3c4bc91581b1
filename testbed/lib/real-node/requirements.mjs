import { existsSync, readFileSync } from 'node:fs';
import { MISSING_PREREQUISITE, TestbedError } from '../errors.mjs';
import { runCommand } from '../run-command.mjs';
import { step } from '../steps.mjs';

export const CNI_PLUGINS = '/usr/lib/cni';

/** What is executed, and the Debian package that has it. */
const FILES = {
  '/usr/bin/containerd': 'containerd',
  '/usr/sbin/runc': 'runc',
  [`${CNI_PLUGINS}/bridge`]: 'containernetworking-plugins',
  '/usr/bin/busybox': 'busybox-static',
  '/usr/sbin/ip': 'iproute2',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/unshare': 'util-linux',
};

/** What this machine is, as far as a real node depends on it. */
export function thisMachine() {
  return {
    isRoot: process.getuid?.() === 0,
    filesystems: readFileSync('/proc/filesystems', 'utf8'),
    hasCgroups:
      existsSync('/sys/fs/cgroup/memory') ||
      existsSync('/sys/fs/cgroup/cgroup.controllers'),
  };
}

/** Why a machine can have no real node, as a sentence with what to do; undefined when it can. */
export function obstacle({ isRoot, filesystems, hasCgroups }) {
  if (!isRoot)
    return 'a real node needs root: containers get namespaces, mounts and cgroups of their own; run the command as root or without --real-node';
  if (!hasCgroups)
    return 'a real node needs cgroups: /sys/fs/cgroup has neither the memory controller nor cgroup.controllers; mount cgroups or leave --real-node out';
  if (!/\boverlay$/m.test(filesystems))
    return 'a real node needs overlayfs, which this kernel does not list in /proc/filesystems: modprobe overlay, or leave --real-node out';
  return undefined;
}

/**
 * Installs the Debian packages of a real node that are missing.
 *
 * @throws TestbedError with exit code 3 where this machine can have none
 */
export async function ensureRequirements() {
  const problem = obstacle(thisMachine());
  if (problem)
    throw new TestbedError(problem, { exitCode: MISSING_PREREQUISITE });
  const packages = missingPackages();
  if (packages.length === 0) return;
  await step(`installed ${packages.join(', ')}`, () => install(packages));
}

function missingPackages() {
  return Object.entries(FILES)
    .filter(([file]) => !existsSync(file))
    .map(([, name]) => name);
}

async function install(packages) {
  const command = ['install', '-y', '--no-install-recommends', ...packages];
  try {
    await runCommand('apt-get', command, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    throw new TestbedError(
      `a real node needs ${packages.join(', ')}, and apt-get ${command.join(
        ' ',
      )} did not work: ${error.message}`,
      { exitCode: MISSING_PREREQUISITE, cause: error },
    );
  }
}
