import {
  flag,
  integer,
  many,
  one,
  quantities,
  readMessage,
  text,
  texts,
  time,
} from '../../clusters/protobuf';
import type { Message } from '../../clusters/protobuf';
import type { RawPod } from './projectPod';

// Numbers are those of `core/v1/generated.proto` and `meta/v1/generated.proto` of Kubernetes, which never change.

const OWNER_REFERENCE: Message = {
  1: text('kind'),
  3: text('name'),
  4: text('uid'),
  5: text('apiVersion'),
  6: flag('controller'),
};

const METADATA: Message = {
  1: text('name'),
  3: text('namespace'),
  5: text('uid'),
  6: text('resourceVersion'),
  8: time('creationTimestamp'),
  9: time('deletionTimestamp'),
  11: texts('labels'),
  12: texts('annotations'),
  13: many('ownerReferences', OWNER_REFERENCE),
  17: many('managedFields', { 1: text('manager') }),
};

const CONTAINER: Message = {
  1: text('name'),
  2: text('image'),
  7: many('env', { 1: text('name'), 2: text('value') }),
  8: one('resources', { 1: quantities('limits'), 2: quantities('requests') }),
};

const SPEC: Message = {
  2: many('containers', CONTAINER),
  10: text('nodeName'),
  11: flag('hostNetwork'),
  20: many('initContainers', CONTAINER),
};

const CONTAINER_STATE: Message = {
  1: one('waiting', { 1: text('reason'), 2: text('message') }),
  2: one('running', {}),
  3: one('terminated', {
    1: integer('exitCode'),
    3: text('reason'),
    4: text('message'),
  }),
};

const CONTAINER_STATUS: Message = {
  1: text('name'),
  2: one('state', CONTAINER_STATE),
  6: text('image'),
};

const STATUS: Message = {
  1: text('phase'),
  2: many('conditions', {
    1: text('type'),
    2: text('status'),
    5: text('reason'),
    6: text('message'),
  }),
  3: text('message'),
  4: text('reason'),
  8: many('containerStatuses', CONTAINER_STATUS),
  10: many('initContainerStatuses', CONTAINER_STATUS),
};

const POD: Message = {
  1: one('metadata', METADATA),
  2: one('spec', SPEC),
  3: one('status', STATUS),
};

/** What the projection of a pod reads, out of the pod's protobuf form. @throws Error when it is none */
export function podFromProtobuf(bytes: Uint8Array): RawPod {
  return readMessage<RawPod>(bytes, POD);
}
