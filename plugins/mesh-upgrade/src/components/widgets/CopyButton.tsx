import { useState } from 'react';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import Done from '@material-ui/icons/Done';
import FileCopyOutlined from '@material-ui/icons/FileCopyOutlined';
import useCopyToClipboard from 'react-use/lib/useCopyToClipboard';
import { useMessages } from '../../hooks';

/** Copies an id or a name; `className` may hide it until it is wanted. */
export function CopyButton(props: { text: string; className?: string }) {
  const { text, className } = props;
  const t = useMessages();
  const [copied, setCopied] = useState<string>();
  const [, copy] = useCopyToClipboard();
  const done = copied === text;
  const Icon = done ? Done : FileCopyOutlined;
  return (
    <Tooltip title={done ? t('action.copied') : t('action.copy')}>
      <IconButton
        size="small"
        className={className}
        aria-label={t('action.copyText', { text: text.split('\n')[0] })}
        onClick={() => {
          copy(text);
          setCopied(text);
        }}
      >
        <Icon style={{ fontSize: '0.9rem' }} />
      </IconButton>
    </Tooltip>
  );
}
