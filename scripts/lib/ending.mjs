const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_CHECK_MS = 1000;

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
      const parent = process.ppid;
      setInterval(() => {
        if (process.ppid !== parent) {
          resolve('the end of npm');
        }
      }, PARENT_CHECK_MS).unref();
    }
  });
}
