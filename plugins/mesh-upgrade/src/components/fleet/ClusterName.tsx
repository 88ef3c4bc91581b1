import { DateTime } from 'luxon';
import { useLanguage, useMessages } from '../../hooks';
import { LongText, StatusLabel } from '../widgets';
import { useFleet } from './FleetProvider';

/** A cluster; marked when it cannot be read, since whatever stands beside it is then of the past. */
export function ClusterName(props: { name: string }) {
  const { name } = props;
  const t = useMessages();
  const locale = useLanguage();
  const { clusters } = useFleet();
  const cluster = clusters.value?.find(one => one.name === name);
  const text = <LongText text={name} most={18} focusable />;
  if (!cluster || cluster.health.state === 'healthy') {
    return text;
  }
  const { health, observedAt } = cluster;
  const age = observedAt
    ? `${t('clusters.shownFrom')} ${DateTime.fromISO(observedAt).toRelative({
        locale,
      })}`
    : t('clusters.neverSeen');
  return (
    <StatusLabel
      tone="unknown"
      text={text}
      detail={[t(`clusters.state.${health.state}`), age, health.reason]
        .filter(Boolean)
        .join(' · ')}
    />
  );
}
