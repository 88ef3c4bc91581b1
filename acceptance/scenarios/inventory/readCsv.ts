/** Rows of a document with a head line, by the names in it; fields may be quoted and then hold commas, quotes and lines. */
export function readCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character !== '"') {
        field += character;
      } else if (text[index + 1] === '"') {
        field += '"';
        index += 1;
      } else {
        quoted = false;
      }
    } else if (character === '"') {
      quoted = true;
    } else if (character === ',' || character === '\n') {
      lines[lines.length - 1].push(field);
      field = '';
      if (character === '\n') {
        lines.push([]);
      }
    } else if (character !== '\r') {
      field += character;
    }
  }
  const [head, ...rows] = lines.filter(line => line.length > 0);
  return rows.map(row =>
    Object.fromEntries(head.map((name, column) => [name, row[column]])),
  );
}
