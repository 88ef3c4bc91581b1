import { structuredPatch } from 'diff';

/** One line of a difference; `gap` stands for the lines left out, which are alike. */
export interface DifferenceLine {
  kind: 'added' | 'removed' | 'same' | 'gap';
  text: string;
  /** Number of the line before and after, counted from one. */
  before?: number;
  after?: number;
}

const CONTEXT_LINES = 3;

/** What differs between two texts, each change with the lines around it. */
export function differenceLines(
  before: string,
  after: string,
): DifferenceLine[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT_LINES,
  });
  let shown = 0;
  return hunks.flatMap(hunk => {
    const gap: DifferenceLine[] =
      hunk.oldStart > shown + 1 ? [{ kind: 'gap', text: '' }] : [];
    shown = hunk.oldStart + hunk.oldLines - 1;
    return [...gap, ...linesOf(hunk)];
  });
}

function linesOf(hunk: {
  oldStart: number;
  newStart: number;
  lines: string[];
}): DifferenceLine[] {
  let before = hunk.oldStart;
  let after = hunk.newStart;
  return hunk.lines.flatMap((line): DifferenceLine[] => {
    const text = line.slice(1);
    switch (line[0]) {
      case '+':
        return [{ kind: 'added', text, after: after++ }];
      case '-':
        return [{ kind: 'removed', text, before: before++ }];
      case ' ':
        return [{ kind: 'same', text, before: before++, after: after++ }];
      // A remark about a missing newline at the end.
      default:
        return [];
    }
  });
}
