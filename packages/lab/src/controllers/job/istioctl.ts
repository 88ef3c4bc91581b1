import { parse } from 'yaml';
import { mergePatch, type Json } from '../../api/patch/mergePatch';
import type { Cluster } from '../../cluster/Cluster';
import { applyControlPlane } from '../../controlPlane/applyControlPlane';
import {
  injectorConfigMapName,
  ISTIO_NAMESPACE,
  istiodName,
} from '../../controlPlane/names';
import {
  applyNodeAgent,
  findNodeAgent,
  hubOfAgent,
} from '../../controlPlane/nodeAgents';
import { injectorValues } from '../../injection/injectPod';
import { CONFIG_MAPS, DEPLOYMENTS } from '../../kubernetes/resources';
import type { IstioValues } from '../../kubernetes/types';
import { tagsOf } from '../../registry/repositories';
import { waitForIstiod } from './rollout';
import type { ParsedCall, Process } from './runCommand';
import { withSetFlags } from './values';

const OWNED_BY_ISTIOCTL = 'install.operator.istio.io/owning-resource';
const TIMEOUT = 5 * 60 * 1000;

/** What the lab reads of an IstioOperator file. */
interface InstallationFile {
  spec?: { revision?: string; values?: Json };
}

/** `istioctl install|upgrade --set tag=X …` on a control plane that stands already. */
export function runIstioctl(
  cluster: Cluster,
  { words, flags }: ParsedCall,
  process: Process,
) {
  const fail = (message: string) => {
    process.print(`Error: ${message}`);
    process.exit(1);
  };
  if (!['install', 'upgrade'].includes(words[0])) {
    fail(`unknown command "${words[0]}" for "istioctl"`);
    return;
  }
  const [path] = flags.get('--filename') ?? flags.get('-f') ?? [];
  const file = path === undefined ? '' : process.read(path);
  if (file === undefined) {
    fail(`open ${path}: no such file or directory`);
    return;
  }
  const { spec = {} } = (parse(file) ?? {}) as InstallationFile;
  const revision = flags.get('--revision')?.[0] ?? spec.revision ?? 'default';
  const config = cluster.store.get(
    CONFIG_MAPS,
    ISTIO_NAMESPACE,
    injectorConfigMapName(revision),
  );
  const istiod = cluster.store.get(
    DEPLOYMENTS,
    ISTIO_NAMESPACE,
    istiodName(revision),
  );
  if (!config || !istiod) {
    fail(`no control plane of revision "${revision}" is installed`);
    return;
  }
  const settings = (flags.get('--set') ?? []).map(setting =>
    setting
      .replace(/^(spec\.)?values\./, '')
      .replace(/^(tag|hub)=/, 'global.$1='),
  );
  const values = withSetFlags(
    mergePatch(
      injectorValues(config) as unknown as Json,
      spec.values ?? {},
    ) as unknown as IstioValues,
    settings,
  );
  const tag = values.global?.tag ?? '';
  const [, repository] =
    /^[^/]+\/(.*)$/.exec(`${values.global?.hub}/pilot`) ?? [];
  if (!tagsOf(repository ?? '')?.includes(tag)) {
    fail(`image ${values.global?.hub}/pilot:${tag} not found`);
    return;
  }
  const isOwn =
    istiod.metadata.labels?.[OWNED_BY_ISTIOCTL] !== undefined &&
    ({ installer: 'istioctl' } as const);
  applyControlPlane(cluster, {
    revision,
    chartVersion: tag,
    values,
    release: istiod.metadata.labels?.release ?? 'istio',
    replicas: istiod.spec.replicas ?? 1,
    ...isOwn,
  });
  if (revision === 'default') {
    renewNodeAgents(cluster, tag);
  }
  waitForIstiod(
    cluster,
    { revision, timeout: TIMEOUT },
    {
      ...process,
      exit: code => {
        if (code === 0) {
          process.print('✔ Istiod installed 🧠');
          process.print('✔ Installation complete');
        }
        process.exit(code);
      },
    },
  );
}

/** What istioctl installed on the nodes follows the default control plane. */
function renewNodeAgents(cluster: Cluster, version: string) {
  for (const kind of ['cni', 'ztunnel'] as const) {
    const set = findNodeAgent(cluster, kind);
    if (set?.metadata.labels?.[OWNED_BY_ISTIOCTL] !== undefined) {
      applyNodeAgent(cluster, {
        kind,
        version,
        namespace: set.metadata.namespace!,
        hub: hubOfAgent(set),
        release: 'istio',
        installer: 'istioctl',
      });
    }
  }
}
