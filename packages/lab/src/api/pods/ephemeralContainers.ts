import { isDeepStrictEqual } from 'node:util';
import { invalid } from '../../kubernetes/errors';
import { PODS } from '../../kubernetes/resources';
import type { Container, Pod } from '../../kubernetes/types';

type Cause = { reason: string; message: string; field: string };

const ALLOWED_FIELDS = new Set([
  'name',
  'image',
  'command',
  'args',
  'workingDir',
  'envFrom',
  'env',
  'volumeMounts',
  'volumeDevices',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  'securityContext',
  'stdin',
  'stdinOnce',
  'tty',
  'targetContainerName',
]);

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * The pod with the ephemeral containers of a request and nothing else of it. Throws 422 when the
 * API server would: one may add, never change or remove, and not everything a container can have.
 */
export function withEphemeralContainers(current: Pod, requested: Pod): Pod {
  const before = current.spec.ephemeralContainers ?? [];
  const after = (requested.spec.ephemeralContainers ?? []).map(withDefaults);
  const path = 'spec.ephemeralContainers';
  const causes: Cause[] = [];
  if (current.metadata.annotations?.['kubernetes.io/config.mirror']) {
    causes.push(forbid('', 'static pods do not support ephemeral containers'));
  }
  for (const { name } of before) {
    if (!after.some(each => each.name === name)) {
      causes.push(
        forbid(
          path,
          `existing ephemeral containers "${name}" may not be removed\n`,
        ),
      );
    }
  }
  after.forEach((container, index) => {
    const old = before.find(({ name }) => name === container.name);
    if (old && !isDeepStrictEqual(old, container)) {
      causes.push(
        forbid(
          path,
          `existing ephemeral containers "${container.name}" may not be changed\n`,
        ),
      );
    } else if (!old) {
      causes.push(...causesOf(container, `${path}[${index}]`, current, after));
    }
  });
  if (causes.length) {
    throw invalid(PODS, current.metadata.name, causes);
  }
  return {
    ...current,
    spec: { ...current.spec, ephemeralContainers: after },
  };
}

function withDefaults(container: Container): Container {
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: container.image?.endsWith(':latest')
      ? 'Always'
      : 'IfNotPresent',
    resources: {},
    ...container,
  };
}

function causesOf(
  container: Container,
  path: string,
  pod: Pod,
  siblings: Container[],
): Cause[] {
  const causes: Cause[] = [];
  const others = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const { name, image } = container;
  if (!name) {
    causes.push(required(`${path}.name`));
  } else if (!DNS_LABEL.test(name) || name.length > 63) {
    causes.push({
      reason: 'FieldValueInvalid',
      field: `${path}.name`,
      message: `Invalid value: "${name}": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    });
  } else if (
    others.some(each => each.name === name) ||
    siblings.filter(each => each.name === name).length > 1
  ) {
    causes.push({
      reason: 'FieldValueDuplicate',
      field: `${path}.name`,
      message: `Duplicate value: "${name}"`,
    });
  }
  if (!image) {
    causes.push(required(`${path}.image`));
  } else if (image.trim() !== image) {
    causes.push({
      reason: 'FieldValueInvalid',
      field: `${path}.image`,
      message: `Invalid value: "${image}": must not have leading or trailing whitespace`,
    });
  }
  const target = container.targetContainerName;
  if (target && !others.some(each => each.name === target)) {
    causes.push({
      reason: 'FieldValueNotFound',
      field: `${path}.targetContainerName`,
      message: `Not found: "${target}"`,
    });
  }
  return [
    ...causes,
    ...choiceCauses(container, path),
    ...mountCauses(container, path, pod),
    ...fieldCauses(container, path),
  ];
}

function choiceCauses(container: Container, path: string): Cause[] {
  const choices = {
    terminationMessagePolicy: ['File', 'FallbackToLogsOnError'],
    imagePullPolicy: ['Always', 'IfNotPresent', 'Never'],
  } as const;
  return (['terminationMessagePolicy', 'imagePullPolicy'] as const)
    .filter(
      field =>
        !(choices[field] as readonly string[]).includes(container[field]!),
    )
    .map(field => ({
      reason: 'FieldValueNotSupported',
      field: `${path}.${field}`,
      message: `Unsupported value: "${
        container[field]
      }": supported values: ${choices[field].map(v => `"${v}"`).join(', ')}`,
    }));
}

function mountCauses(container: Container, path: string, pod: Pod): Cause[] {
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const field = `${path}.volumeMounts[${index}]`;
    const causes: Cause[] = [];
    if (!pod.spec.volumes?.some(({ name }) => name === mount.name)) {
      causes.push({
        reason: 'FieldValueNotFound',
        field: `${field}.name`,
        message: `Not found: "${mount.name}"`,
      });
    }
    for (const key of ['subPath', 'subPathExpr']) {
      if (key in mount) {
        causes.push(
          forbid(`${field}.${key}`, 'cannot be set for an Ephemeral Container'),
        );
      }
    }
    return causes;
  });
}

function fieldCauses(container: Container, path: string): Cause[] {
  return Object.entries(container)
    .filter(
      ([field, value]) =>
        !ALLOWED_FIELDS.has(field) &&
        Object.keys((value as object | null) ?? {}).length > 0,
    )
    .map(([field]) =>
      forbid(`${path}.${field}`, 'cannot be set for an Ephemeral Container'),
    );
}

function required(field: string): Cause {
  return { reason: 'FieldValueRequired', field, message: 'Required value' };
}

function forbid(field: string, why: string): Cause {
  return {
    reason: 'FieldValueForbidden',
    field,
    message: `Forbidden: ${why}`,
  };
}
