import type { Config } from '@backstage/config';
import { isError } from '@backstage/errors';
import { BUILT_IN_KINDS } from './facts/workloadKinds';
import type { WorkloadKindSpec } from './facts/workloadKinds';

const BUILT_IN = new Set([...Object.keys(BUILT_IN_KINDS), 'Pod']);

/** `spec.template`, `.spec.template` and `{.spec.template}`: plain names, no filters or indices. */
const PATH = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/;

/** A kind is part of workload ids and addresses. */
const KIND = /^[A-Za-z][A-Za-z0-9]*$/;

/** Kinds that run pods besides the built-in ones. An entry that cannot be used is left out and told. */
export function readCustomWorkloads(
  entries: Config[],
  onProblem: (problem: string) => void,
): WorkloadKindSpec[] {
  const taken = new Set(BUILT_IN);
  return entries.flatMap(entry => {
    try {
      const kind = readKind(entry);
      if (taken.has(kind.kind)) {
        throw new Error(`the kind ${kind.kind} is read already`);
      }
      taken.add(kind.kind);
      return [kind];
    } catch (error) {
      onProblem(
        `An entry of meshUpgrade.customWorkloads is ignored: ${
          isError(error) ? error.message : String(error)
        }`,
      );
      return [];
    }
  });
}

function readKind(entry: Config): WorkloadKindSpec {
  const kind = entry.getString('kind');
  if (!KIND.test(kind)) {
    throw new Error(`'${kind}' is no name of a kind`);
  }
  return {
    group: entry.getString('group'),
    version: entry.getString('version'),
    resource: entry.getString('resource'),
    kind,
    podTemplatePath: readPath(entry, 'podTemplatePath') ?? ['spec', 'template'],
    replicasPath: readPath(entry, 'replicasPath'),
    readyReplicasPath: readPath(entry, 'readyReplicasPath'),
    optional: true,
  };
}

function readPath(entry: Config, key: string): string[] | undefined {
  const text = entry.getOptionalString(key);
  if (text === undefined) {
    return undefined;
  }
  const path = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/^\$?\./, '');
  if (!PATH.test(path)) {
    throw new Error(
      `${key} '${text}' is no path such as spec.template; filters and indices are not supported`,
    );
  }
  return path.split('.');
}
