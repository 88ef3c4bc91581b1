import { useState } from 'react';
import InputAdornment from '@material-ui/core/InputAdornment';
import TextField from '@material-ui/core/TextField';
import Search from '@material-ui/icons/Search';
import useDebounce from 'react-use/lib/useDebounce';

/** Text search that reports a third of a second after the last key. */
export function SearchField(props: {
  label: string;
  value: string;
  onChange(value: string): void;
}) {
  const { label, value, onChange } = props;
  const [text, setText] = useState(value);
  useDebounce(
    () => {
      if (text !== value) {
        onChange(text);
      }
    },
    300,
    [text],
  );
  return (
    <TextField
      size="small"
      variant="outlined"
      type="search"
      placeholder={label}
      value={text}
      onChange={event => setText(event.target.value)}
      inputProps={{ 'aria-label': label }}
      InputProps={{
        startAdornment: (
          <InputAdornment position="start">
            <Search fontSize="small" />
          </InputAdornment>
        ),
      }}
    />
  );
}
