import { structuredPatch } from 'diff';

/** What differs between two texts, as `diff -u` prints it, without the names of files; empty for equal ones. */
export function unifiedDifference(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', {
    context: 3,
  });
  return hunks
    .flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines.filter(line => !line.startsWith('\\')),
    ])
    .join('\n');
}
