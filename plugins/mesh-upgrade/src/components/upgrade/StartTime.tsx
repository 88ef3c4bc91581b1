import Box from '@material-ui/core/Box';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import TextField from '@material-ui/core/TextField';
import { DateTime } from 'luxon';
import { useLanguage, useMessages, type Messages } from '../../hooks';

/** When to start: at once, or at what a date-time field holds, in the reader's zone. */
export type StartChoice = { at: 'once' } | { at: 'time'; local: string };

/** The choice between starting at once and at a time. */
export function StartTime(props: {
  choice: StartChoice;
  onChoose(choice: StartChoice): void;
}) {
  const { choice, onChoose } = props;
  const t = useMessages();
  const locale = useLanguage();
  const now = DateTime.now().setLocale(locale);
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">{t('start.when')}</FormLabel>
      <Box display="flex" alignItems="center" flexWrap="wrap" gridGap={16}>
        <RadioGroup
          row
          value={choice.at}
          onChange={(_, at) =>
            onChoose(
              at === 'time'
                ? { at, local: inputText(now.plus({ hours: 1 })) }
                : { at: 'once' },
            )
          }
        >
          <FormControlLabel
            value="once"
            label={t('start.once')}
            control={<Radio color="primary" size="small" />}
          />
          <FormControlLabel
            value="time"
            label={t('start.atTime')}
            control={<Radio color="primary" size="small" />}
          />
        </RadioGroup>
        {choice.at === 'time' && (
          <TextField
            type="datetime-local"
            size="small"
            variant="outlined"
            label={t('start.time')}
            value={choice.local}
            error={startObstacle(choice, t) !== undefined}
            helperText={t('start.zone', {
              zone: now.zoneName,
              offset: now.toFormat('ZZZZ'),
            })}
            onChange={event =>
              onChoose({ at: 'time', local: event.target.value })
            }
            inputProps={{ min: inputText(now), 'aria-label': t('start.time') }}
            InputLabelProps={{ shrink: true }}
          />
        )}
      </Box>
    </FormControl>
  );
}

/** The chosen time as ISO text with its zone; undefined for at once. */
export function startAtOf(choice: StartChoice): string | undefined {
  return choice.at === 'time'
    ? DateTime.fromISO(choice.local).toUTC().toISO() ?? undefined
    : undefined;
}

/** Why nothing can be started at the chosen time, or undefined. */
export function startObstacle(
  choice: StartChoice,
  t: Messages,
): string | undefined {
  if (choice.at === 'once') {
    return undefined;
  }
  const time = DateTime.fromISO(choice.local);
  if (!time.isValid) {
    return t('start.noTime');
  }
  return time <= DateTime.now() ? t('start.past') : undefined;
}

function inputText(time: DateTime): string {
  return time.toFormat("yyyy-MM-dd'T'HH:mm");
}
