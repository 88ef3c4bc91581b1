import type { Container } from '../../kubernetes/types';

/** One call of a program: words, without what a shell would do with them. */
export type Call = string[];

/** The calls that a container makes, also when a shell makes them one after another. */
export function callsOf(container: Container): Call[] {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  const isShell = /(^|\/)(ba|a|da)?sh$/.test(words[0] ?? '');
  const script = isShell
    ? words.slice(1).find(word => !word.startsWith('-'))
    : undefined;
  if (script === undefined) {
    return words.length ? [words] : [];
  }
  const environment = new Map(
    (container.env ?? []).map(({ name, value }) => [name, value ?? '']),
  );
  return script
    .replaceAll('\\\n', ' ')
    .split(/\n|&&|;/)
    .map(line => splitWords(line.trim()).map(word => expand(word, environment)))
    .filter(call => call.length > 0 && !call[0].startsWith('#'));
}

function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map(word => word.replaceAll(/["']/g, ''));
}

function expand(word: string, environment: Map<string, string>): string {
  return word.replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced, bare) => environment.get(braced ?? bare) ?? '',
  );
}

/** The flags of a call, in both forms (`--flag value`, `--flag=value`), and its other words. */
export function parseCall(call: Call): {
  words: string[];
  flags: Map<string, string[]>;
} {
  const words: string[] = [];
  const flags = new Map<string, string[]>();
  const valued = new Set([
    '--version',
    '--namespace',
    '-n',
    '--set',
    '--set-string',
    '--set-json',
    '--values',
    '-f',
    '--filename',
    '--timeout',
    '--username',
    '--password',
    '--ca-file',
    '--history-max',
    '--description',
    '--kube-context',
    '--revision',
    '--labels',
  ]);
  for (let index = 0; index < call.length; index += 1) {
    const [flag, ...value] = call[index].split('=');
    if (!call[index].startsWith('-')) {
      words.push(call[index]);
    } else if (value.length) {
      flags.set(flag, [...(flags.get(flag) ?? []), value.join('=')]);
    } else if (valued.has(flag)) {
      index += 1;
      flags.set(flag, [...(flags.get(flag) ?? []), call[index] ?? '']);
    } else {
      flags.set(flag, ['true']);
    }
  }
  return { words, flags };
}
