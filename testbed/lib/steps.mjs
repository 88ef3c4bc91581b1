/** Seconds since `startedAt` (milliseconds), as text for progress lines. */
export function elapsed(startedAt, now = Date.now()) {
  return `${((now - startedAt) / 1000).toFixed(1)} s`;
}

/** Runs one named step and reports its duration on stderr, so that stdout stays free for results. */
export async function step(title, action) {
  const startedAt = Date.now();
  try {
    const result = await action();
    process.stderr.write(`✓ ${title} (${elapsed(startedAt)})\n`);
    return result;
  } catch (error) {
    process.stderr.write(`✗ ${title} (${elapsed(startedAt)})\n`);
    throw error;
  }
}
