/**
 * Does several rows of work side by side, each row one work after the other.
 * A work that throws ends neither its lane nor another one.
 *
 * @template T
 * @param {(() => Promise<T> | T)[][]} lanes
 * @param {(error: Error) => T} broken what a work that threw came to
 * @returns {Promise<T[]>} what all came to, lane by lane
 */
export async function inLanes(lanes, broken) {
  const results = await Promise.all(lanes.map(works => inTurn(works, broken)));
  return results.flat();
}

async function inTurn(works, broken) {
  const results = [];
  for (const work of works) {
    try {
      results.push(await work());
    } catch (error) {
      results.push(broken(error));
    }
  }
  return results;
}
