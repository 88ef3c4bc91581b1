import type { ReactNode } from 'react';
import { LinkButton } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';

/**
 * A button that, when it cannot be used, says why on hover and to a screen
 * reader. With `to` it is a link.
 */
export function GuardedButton(props: {
  /** Why it cannot be used; undefined or empty when it can. */
  reason?: string;
  to?: string;
  onClick?(): void;
  variant?: 'text' | 'outlined' | 'contained';
  color?: 'default' | 'primary' | 'secondary';
  size?: 'small' | 'medium';
  children: ReactNode;
}) {
  const { reason, to, onClick, children, ...rest } = props;
  const look = { ...rest, style: { whiteSpace: 'nowrap' as const } };
  if (reason) {
    return (
      <Tooltip title={reason}>
        <Typography
          component="span"
          role="note"
          tabIndex={0}
          aria-label={reason}
        >
          <Button {...look} disabled>
            {children}
          </Button>
        </Typography>
      </Tooltip>
    );
  }
  if (to) {
    return (
      <LinkButton {...look} to={to}>
        {children}
      </LinkButton>
    );
  }
  return (
    <Button {...look} onClick={onClick}>
      {children}
    </Button>
  );
}
