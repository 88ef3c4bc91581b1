import type { ReactNode } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Step from '@material-ui/core/Step';
import StepLabel from '@material-ui/core/StepLabel';
import Stepper from '@material-ui/core/Stepper';
import Typography from '@material-ui/core/Typography';
import { useMessages } from '../../hooks';
import { GuardedButton } from '../widgets';

/** The frame of both wizards: where one is, and the ways back and forth. */
export function WizardFrame(props: {
  title: string;
  steps: string[];
  active: number;
  children: ReactNode;
}) {
  const { title, steps, active, children } = props;
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      <Typography variant="h4" component="h2">
        {title}
      </Typography>
      <Stepper
        activeStep={active}
        style={{ background: 'transparent', padding: 0 }}
      >
        {steps.map((label, index) => (
          <Step
            key={label}
            aria-current={index === active ? 'step' : undefined}
          >
            <StepLabel>{label}</StepLabel>
          </Step>
        ))}
      </Stepper>
      {children}
    </Box>
  );
}

/** Back and forth; *Next* says why it cannot be used. */
export function WizardActions(props: {
  onBack?(): void;
  onNext?(): void;
  /** Why the step is not done; undefined when it is. */
  reason?: string;
  nextLabel?: string;
  children?: ReactNode;
}) {
  const { onBack, onNext, reason, nextLabel, children } = props;
  const t = useMessages();
  return (
    <Box display="flex" alignItems="center" gridGap={8} mt={2}>
      {onBack && <Button onClick={onBack}>{t('action.back')}</Button>}
      {children}
      <Box flexGrow={1} />
      {reason && (
        <Typography variant="body2" color="textSecondary" role="status">
          {reason}
        </Typography>
      )}
      {onNext && (
        <GuardedButton
          variant="contained"
          color="primary"
          reason={reason}
          onClick={onNext}
        >
          {nextLabel ?? t('action.next')}
        </GuardedButton>
      )}
    </Box>
  );
}
