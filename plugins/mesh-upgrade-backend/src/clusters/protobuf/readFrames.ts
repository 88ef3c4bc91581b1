/** A length of four bytes stands before each frame. */
const HEADER = 4;

/** An event is an object of at most a few megabytes. */
const LONGEST = 64 * 1024 * 1024;

/**
 * The frames of a stream, whatever the borders of its chunks. A last frame
 * without its end was cut off by a broken connection and is left out.
 *
 * @param broken - makes the error for bytes that cannot be frames
 */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array>,
  broken: () => Error,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    while (rest.length - start >= HEADER) {
      const length = rest.readUInt32BE(start);
      if (length > LONGEST) {
        throw broken();
      }
      const end = start + HEADER + length;
      if (rest.length < end) {
        break;
      }
      yield rest.subarray(start + HEADER, end);
      start = end;
    }
    rest = rest.subarray(start);
  }
}
