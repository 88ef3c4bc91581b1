export { ClampedText } from './ClampedText';
export { CodeBlock } from './CodeBlock';
export { ConfirmDialog } from './ConfirmDialog';
export { CopyButton } from './CopyButton';
export { DataTable, REVEALED } from './DataTable';
export type { Column, Selection, Sorting } from './DataTable';
export { durationText } from './durationText';
export { FactList } from './FactList';
export { FailurePanel } from './FailurePanel';
export { FilterSelect } from './FilterSelect';
export { GuardedButton } from './GuardedButton';
export { Instruction } from './Instruction';
export { Invitation } from './Invitation';
export { LongText } from './LongText';
export { Person } from './Person';
export { ProgressLine } from './ProgressLine';
export { saveFile } from './saveFile';
export { SearchField } from './SearchField';
export { StatusLabel } from './StatusLabel';
export type { Tone } from './StatusLabel';
export { SupportLabel } from './SupportLabel';
export {
  ClockTime,
  Elapsed,
  Moment,
  momentText,
  RelativeTime,
  Remaining,
} from './Time';
