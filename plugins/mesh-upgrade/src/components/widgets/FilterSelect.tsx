import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';

/** A filter with one choice; the empty value means all. */
export function FilterSelect(props: {
  label: string;
  /** What the empty choice is called. */
  allLabel: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
}) {
  const { label, allLabel, value, options, onChange } = props;
  // A value of a shared address may not be among the options yet.
  const known = options.some(option => option.value === value);
  return (
    <TextField
      select
      size="small"
      variant="outlined"
      label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      style={{ minWidth: 150 }}
      InputLabelProps={{ shrink: true }}
      SelectProps={{
        displayEmpty: true,
        SelectDisplayProps: { 'aria-label': label },
      }}
    >
      <MenuItem value="">{allLabel}</MenuItem>
      {options.map(option => (
        <MenuItem key={option.value} value={option.value}>
          {option.label}
        </MenuItem>
      ))}
      {value !== '' && !known && <MenuItem value={value}>{value}</MenuItem>}
    </TextField>
  );
}
