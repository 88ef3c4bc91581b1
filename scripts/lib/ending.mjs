import fs from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const NPM_CHECK_MS = 1000;

/**
 * Resolves when a signal asks us to end, or when the npm that started us is
 * gone: nobody could end us any more.
 *
 * @returns {Promise<string>} what told us
 */
export function whenToldToEnd() {
  return new Promise(resolve => {
    SIGNALS.forEach(signal => process.on(signal, () => resolve(signal)));
    if (process.env.npm_lifecycle_event) {
      const atStart = ancestry();
      setInterval(() => {
        if (ancestry() !== atStart) {
          resolve('the end of npm');
        }
      }, NPM_CHECK_MS).unref();
    }
  });
}

/** Changes when npm ends, also when a shell stands between npm and us. */
function ancestry() {
  const parent = process.ppid;
  try {
    const [, name, grandparent] =
      /^\d+ \((.*)\) \S (\d+)/.exec(
        fs.readFileSync(`/proc/${parent}/stat`, 'utf8'),
      ) ?? [];
    return name === 'sh' ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    return `${parent}`;
  }
}
