import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError } from './CommandError.mjs';

export const startHelp = `npm start [-- options]

Starts the app, its backend and a simulated fleet, and prints one address.

  --port PORT          of the app and its backend (7007)
  --lab-port PORT      of the simulated fleet (7500)
  --kubeconfig FILE    use the clusters of this file instead of the simulated
                       fleet, without changing anything on them
  --context NAME       only this context of the file; may be repeated
  --allow-upgrades     let upgrades change the clusters of the file
  --help               this text

Ctrl-C ends everything.
`;

/**
 * @param {string[]} args
 * @returns {{
 *   help: boolean,
 *   port: number,
 *   labPort: number,
 *   kubeconfig?: { file: string, contexts: string[], mode: 'read' | 'full' },
 * }}
 * @throws CommandError for anything that is not an option
 */
export function readStartOptions(args) {
  const { values } = parse(args);
  if (!values.kubeconfig && (values.context || values['allow-upgrades'])) {
    throw new CommandError(
      '--context and --allow-upgrades are about the clusters of a --kubeconfig FILE: name it too.',
    );
  }
  return {
    help: Boolean(values.help),
    port: portOf('--port', values.port),
    labPort: portOf('--lab-port', values['lab-port']),
    kubeconfig: values.kubeconfig && {
      file: path.resolve(values.kubeconfig),
      contexts: values.context ?? [],
      mode: values['allow-upgrades'] ? 'full' : 'read',
    },
  };
}

/** A line about a file that cannot be read; undefined when it can. */
export function unreadableKubeconfig({ file }) {
  try {
    fs.readFileSync(file);
    return undefined;
  } catch (error) {
    return `The kubeconfig ${file} cannot be read (${error.code}): its clusters are missing. Name a readable file: npm start -- --kubeconfig FILE`;
  }
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: '7007' },
        'lab-port': { type: 'string', default: '7500' },
        kubeconfig: { type: 'string' },
        context: { type: 'string', multiple: true },
        'allow-upgrades': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CommandError(`${error.message}\n\n${startHelp}`);
  }
}

function portOf(option, text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new CommandError(
      `${option} takes a port between 1 and 65535, not '${text}'.`,
    );
  }
  return port;
}
