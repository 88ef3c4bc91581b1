/**
 * The lines of a response, each parsed as JSON as soon as it has arrived.
 *
 * @throws SyntaxError when a line is not JSON, for instance because a proxy
 *   put its own page in place of the answer.
 */
export async function* readJsonLines<T>(
  response: Response,
): AsyncGenerator<T, void> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split('\n');
      rest = done ? '' : lines.pop() ?? '';
      for (const line of lines) {
        if (line.trim()) {
          yield JSON.parse(line);
        }
      }
      if (done) {
        return;
      }
    }
  } finally {
    await reader.cancel();
  }
}
