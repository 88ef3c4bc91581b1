import { CodeBlock } from '../widgets';

/** What somebody has to do elsewhere: a sentence, and below it the lines to copy when there are any. */
export function WaitMessage(props: { text: string }) {
  const [sentence, ...lines] = props.text.split('\n');
  const code = lines.join('\n').trim();
  return (
    <>
      {sentence}
      {code && <CodeBlock text={code} />}
    </>
  );
}
