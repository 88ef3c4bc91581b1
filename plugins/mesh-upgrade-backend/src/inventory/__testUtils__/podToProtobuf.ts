import { parse } from 'protobufjs';
import type { RawPod } from '../facts/projectPod';

/** Of Kubernetes' own definition what the inventory reads, and some of what it passes over. */
const DEFINITION = `
  syntax = "proto2";
  message Time { optional int64 seconds = 1; optional int32 nanos = 2; }
  message Quantity { optional string string = 1; }
  message OwnerReference {
    optional string kind = 1; optional string name = 3; optional string uid = 4;
    optional string apiVersion = 5; optional bool controller = 6; optional bool blockOwnerDeletion = 7;
  }
  message FieldsV1 { optional bytes Raw = 1; }
  message ManagedFieldsEntry { optional string manager = 1; optional string operation = 2; optional FieldsV1 fieldsV1 = 7; }
  message ObjectMeta {
    optional string name = 1; optional string generateName = 2; optional string namespace = 3;
    optional string selfLink = 4; optional string uid = 5; optional string resourceVersion = 6;
    optional int64 generation = 7; optional Time creationTimestamp = 8; optional Time deletionTimestamp = 9;
    map<string, string> labels = 11; map<string, string> annotations = 12;
    repeated OwnerReference ownerReferences = 13; repeated ManagedFieldsEntry managedFields = 17;
  }
  message EnvVar { optional string name = 1; optional string value = 2; }
  message ResourceRequirements { map<string, Quantity> limits = 1; map<string, Quantity> requests = 2; }
  message Container {
    optional string name = 1; optional string image = 2; repeated string args = 4; repeated EnvVar env = 7;
    optional ResourceRequirements resources = 8; optional bool tty = 18;
  }
  message PodSpec {
    repeated Container containers = 2; optional string restartPolicy = 3;
    optional int64 terminationGracePeriodSeconds = 4; optional string nodeName = 10;
    optional bool hostNetwork = 11; repeated Container initContainers = 20; optional bool enableServiceLinks = 30;
  }
  message ContainerStateRunning { optional Time startedAt = 1; }
  message ContainerStateWaiting { optional string reason = 1; optional string message = 2; }
  message ContainerStateTerminated {
    optional int32 exitCode = 1; optional int32 signal = 2; optional string reason = 3; optional string message = 4;
  }
  message ContainerState {
    optional ContainerStateWaiting waiting = 1; optional ContainerStateRunning running = 2;
    optional ContainerStateTerminated terminated = 3;
  }
  message ContainerStatus {
    optional string name = 1; optional ContainerState state = 2; optional ContainerState lastState = 3;
    optional bool ready = 4; optional int32 restartCount = 5; optional string image = 6; optional string imageID = 7;
  }
  message PodCondition {
    optional string type = 1; optional string status = 2; optional Time lastTransitionTime = 4;
    optional string reason = 5; optional string message = 6;
  }
  message PodStatus {
    optional string phase = 1; repeated PodCondition conditions = 2; optional string message = 3;
    optional string reason = 4; optional string podIP = 6; repeated ContainerStatus containerStatuses = 8;
    repeated ContainerStatus initContainerStatuses = 10;
  }
  message Pod { optional ObjectMeta metadata = 1; optional PodSpec spec = 2; optional PodStatus status = 3; }
`;

const POD = parse(DEFINITION).root.lookupType('Pod');

/** The bytes that an API server sends for a pod, without their envelope. */
export function podToProtobuf(pod: RawPod): Uint8Array {
  return POD.encode(POD.fromObject(asMessage(pod) as object)).finish();
}

/** What Kubernetes writes as one value in JSON and as a message in protobuf. */
function asMessage(value: unknown, name = ''): unknown {
  if (name.endsWith('Timestamp')) {
    return { seconds: Date.parse(value as string) / 1000 };
  }
  if (name === 'limits' || name === 'requests') {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, string]) => [key, { string }]),
    );
  }
  if (Array.isArray(value)) {
    return value.map(item => asMessage(item));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [key, asMessage(inner, key)]),
    );
  }
  return value;
}
