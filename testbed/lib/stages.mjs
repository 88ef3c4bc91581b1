const JOB_NAME = '.metadata.labels["batch.kubernetes.io/job-name"]';

// The status below is a Go template evaluated by KWOK for each pod. A native sidecar is an init container that keeps running.
const RUNNING_STATUS = `
{{ $now := Now }}
{{ $pod := . }}
conditions:
{{ range $type := list "PodReadyToStartContainers" "Initialized" "ContainersReady" "Ready" }}
- type: {{ $type }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  containerID: {{ printf "kwok://%s/%s" $pod.metadata.uid .name | Quote }}
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  containerID: {{ printf "kwok://%s/%s" $pod.metadata.uid .name | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
  {{ else }}
  started: false
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
  {{ end }}
{{ end }}
hostIP: 127.0.0.1
hostIPs:
- ip: 127.0.0.1
{{ $podIPs := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $podIPs }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`;

const NODE_STATUS = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
`;

function stage(kind, name, matchExpressions, next) {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions },
      next,
    },
  };
}

/**
 * The life of fake nodes and pods as KWOK stages: every pod runs as soon as it is scheduled, and is gone as soon as it is
 * deleted. How pods of Jobs end is left to the job runner, which executes them.
 */
export function stages() {
  return [
    // KWOK ignores nodes, and so their pods, when there is no stage for nodes.
    stage(
      'Node',
      'node-ready',
      [
        {
          key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
          operator: 'NotIn',
          values: ['True'],
        },
      ],
      { statusTemplate: NODE_STATUS },
    ),
    stage(
      'Pod',
      'pod-running',
      [
        { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
        { key: '.status.phase', operator: 'In', values: ['Pending'] },
        { key: '.status.podIP', operator: 'DoesNotExist' },
      ],
      { statusTemplate: RUNNING_STATUS },
    ),
    stage(
      'Pod',
      'pod-deleted',
      [
        { key: '.metadata.deletionTimestamp', operator: 'Exists' },
        { key: JOB_NAME, operator: 'DoesNotExist' },
      ],
      { delete: true },
    ),
  ];
}
