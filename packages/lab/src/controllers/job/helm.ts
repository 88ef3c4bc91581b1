import type { Cluster } from '../../cluster/Cluster';
import { ISTIO_NAMESPACE } from '../../controlPlane/names';
import {
  deployedRelease,
  recordRelease,
  rememberedRelease,
} from '../../controlPlane/releases';
import type { HelmRelease } from '../../controlPlane/helmRelease';
import { renderChart } from '../../controlPlane/renderChart';
import { tagsOf } from '../../registry/repositories';
import { parseDuration, waitForIstiod } from './rollout';
import type { ParsedCall, Process } from './runCommand';
import { withSetFlags } from './values';

const DEFAULT_TIMEOUT = '5m';

/** `helm upgrade RELEASE CHART --version X …` for the charts that the lab's registry holds, and `helm rollback RELEASE REVISION`. */
export function runHelm(
  cluster: Cluster,
  { words, flags }: ParsedCall,
  process: Process,
) {
  const [command, release, chartReference = ''] = words;
  const fail = (message: string) => {
    process.print(`Error: ${message}`);
    process.exit(1);
  };
  if (command === 'version') {
    process.print('v4.0.0');
    process.exit(0);
    return;
  }
  if (command === 'rollback') {
    rollBack(cluster, { words, flags }, process);
    return;
  }
  if (command !== 'upgrade') {
    fail(`unknown command "${command}" for "helm"`);
    return;
  }
  const chart = chartReference.split('/').pop() ?? '';
  const version = flags.get('--version')?.[0] ?? newestChart(chart);
  const namespace =
    (flags.get('--namespace') ?? flags.get('-n'))?.[0] ?? ISTIO_NAMESPACE;
  if (!version || !tagsOf(`charts/${chart}`)?.includes(version)) {
    fail(
      `failed to perform "FetchReference" on source: ${chartReference.replace(
        'oci://',
        '',
      )}:${version ?? ''}: not found`,
    );
    return;
  }
  process.print(`Pulled: ${chartReference.replace('oci://', '')}:${version}`);
  const before = deployedRelease(cluster, namespace, release);
  if (!before && !flags.has('--install') && !flags.has('-i')) {
    fail(`UPGRADE FAILED: "${release}" has no deployed releases`);
    return;
  }
  const config = withSetFlags(reusesValues(flags) ? before?.config ?? {} : {}, [
    ...(flags.get('--set') ?? []),
    ...(flags.get('--set-string') ?? []),
  ]);
  if (flags.has('--dry-run')) {
    process.exit(0);
    return;
  }
  install(
    cluster,
    { name: release, namespace, chart, version, config },
    {
      flags,
      process,
      done: ({ info, version: revision }) =>
        `Release "${release}" has been upgraded. Happy Helming!\nNAME: ${release}\nLAST DEPLOYED: ${info.last_deployed}\nNAMESPACE: ${namespace}\nSTATUS: deployed\nREVISION: ${revision}`,
    },
  );
}

/** Chart and values are those that Helm remembers; the outcome is a new revision. */
function rollBack(
  cluster: Cluster,
  { words, flags }: ParsedCall,
  process: Process,
) {
  const [, release, revision] = words;
  const namespace =
    (flags.get('--namespace') ?? flags.get('-n'))?.[0] ?? ISTIO_NAMESPACE;
  const former = rememberedRelease(
    cluster,
    namespace,
    release,
    Number(revision),
  );
  if (!former) {
    process.print(`Error: release has no ${revision} version`);
    process.exit(1);
    return;
  }
  const { name: chart, version } = former.chart.metadata;
  install(
    cluster,
    { name: release, namespace, chart, version, config: former.config },
    {
      flags,
      process,
      done: () => 'Rollback was a success! Happy Helming!',
    },
  );
}

function install(
  cluster: Cluster,
  release: Parameters<typeof recordRelease>[1],
  options: {
    flags: ParsedCall['flags'];
    process: Process;
    done(recorded: HelmRelease): string;
  },
) {
  const { flags, process } = options;
  const { name, config, ...chart } = release;
  renderChart(cluster, { ...chart, release: name, values: config });
  const done = () => {
    process.print(options.done(recordRelease(cluster, release)));
    process.exit(0);
  };
  if (release.chart !== 'istiod' || !flags.has('--wait')) {
    done();
    return;
  }
  waitForIstiod(
    cluster,
    {
      revision: config.revision || 'default',
      timeout: parseDuration(flags.get('--timeout')?.[0] ?? DEFAULT_TIMEOUT),
    },
    {
      ...process,
      exit: code => (code === 0 ? done() : process.exit(code)),
    },
  );
}

function newestChart(chart: string): string | undefined {
  return tagsOf(`charts/${chart}`)?.at(-1);
}

function reusesValues(flags: ParsedCall['flags']): boolean {
  return ['--reuse-values', '--reset-then-reuse-values'].some(flag =>
    flags.has(flag),
  );
}
