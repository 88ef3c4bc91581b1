import { CodeBlock } from './CodeBlock';

/** What a person has to do elsewhere, as the backend tells it. */
interface Told {
  sentence: string;
  /** Lines to copy, such as commands. */
  code: string;
  /** What the cluster shows meanwhile. */
  now?: string;
}

/** What somebody has to do elsewhere: a sentence, below it the lines to copy when there are any, and how it is now. */
export function Instruction(props: { text: string }) {
  const { sentence, code, now } = readInstruction(props.text);
  return (
    <>
      {sentence}
      {code && <CodeBlock text={code} />}
      {now && <div>{now}</div>}
    </>
  );
}

function readInstruction(text: string): Told {
  const [sentence, ...lines] = text.split('\n');
  const last = lines[lines.length - 1];
  return last?.startsWith('Now: ')
    ? { sentence, code: lines.slice(0, -1).join('\n'), now: last }
    : { sentence, code: lines.join('\n').trim() };
}
