import type {
  CheckFinding,
  CheckReport,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** What `istioctl` says about one object. */
export interface IstioMessage {
  code: string;
  level: 'Error' | 'Warning' | 'Info';
  message: string;
  /** e.g. `EnvoyFilter shop/lua`; empty for the cluster itself. */
  origin: string;
}

/** Codes that tell of no trouble with an upgrade. */
const NOT_ABOUT_UPGRADES: Record<string, string> = {
  IST0102: 'a namespace that asks for no sidecar is outside the mesh',
};

/** Checks that have no page of Istio's analysis to link to, by the code they stand for. */
const CHECK_OF: Record<string, string> = {
  IST0141: 'permissions',
  IST0142: 'kubernetes-version',
};

/** Reads the output of `istioctl analyze` or `precheck` with `-o json`; its log may stand before the list. */
export function parseMessages(output: string): IstioMessage[] {
  const start = output.search(/^\[\s*$/m);
  return start < 0
    ? []
    : JSON.parse(output.slice(start, output.lastIndexOf(']') + 1));
}

/** Messages about upgrades that no finding of the report stands for. */
export function missedMessages(
  messages: IstioMessage[],
  { findings }: CheckReport,
): IstioMessage[] {
  return messages.filter(
    message =>
      NOT_ABOUT_UPGRADES[message.code] === undefined &&
      !findings.some(finding => standsFor(finding, message)),
  );
}

function standsFor(finding: CheckFinding, message: IstioMessage): boolean {
  const { severity, check, link, objects = [], evidence } = finding;
  if (severity === 'passed') {
    return false;
  }
  if (CHECK_OF[message.code] !== undefined) {
    return check === CHECK_OF[message.code];
  }
  const origin = originOf(message);
  if (message.code === 'IST0158') {
    // Told by namespace, though it is about its pods; the skew of versions is told of each.
    return (
      ['pending-restart', 'data-plane-skew'].includes(check) &&
      objects.some(({ namespace }) => `Namespace ${namespace}` === origin)
    );
  }
  return (
    link?.title === message.code &&
    (evidence.object.split(', ').includes(origin) ||
      objects.some(
        ({ kind, namespace, name }) =>
          `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}` ===
          origin,
      ))
  );
}

/** A pod stands for the Deployment that made it, which is what people change. */
function originOf({ origin }: IstioMessage): string {
  const pod = /^Pod (.+)-[a-z0-9]{5,10}-[a-z0-9]{5}$/.exec(origin);
  return pod ? `Deployment ${pod[1]}` : origin;
}
