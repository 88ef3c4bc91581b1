/** A spreadsheet takes a cell that starts with one of these for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of RFC 4180, with its end; cells that a spreadsheet would execute are made text. */
export function csvLine(
  cells: (string | number | boolean | undefined)[],
): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | boolean | undefined): string {
  const text = String(value ?? '');
  const safe =
    typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
