import { useState } from 'react';
import type { Assessment } from '../../shared/api/types';
import { useWaitingLift } from '../../shared/api/waitingLifts';
import { clockSentence } from '../../shared/format/clock';
import { useLanguage } from '../../shared/i18n/i18n';
import type { MessageItem } from '../../shared/matrix/items';
import { useMatrix } from '../../shared/matrix/react';
import { Icon } from '../../shared/ui/Icon';
import { ClockChip, StateChip } from '../../shared/ui/chips';
import { PendingLift } from './PendingLift';
import { WaitingLift } from './WaitingLift';

interface Props {
  roomId: string;
  item: MessageItem;
  assessments: Assessment[];
  active: boolean;
  onCommit: (key: string) => void;
  onUndo: (key: string) => void;
}

/** A post's standing, in the order: numbers, what is counting down, clocks, what someone has decided. */
export function ItemChips({ roomId, item, assessments, active, onCommit, onUndo }: Props) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const numbers = new Set([
    ...assessments.flatMap((one) => one.record?.number ?? one.external?.number ?? []), ...item.records.map((record) => record.number),
  ]);
  const pending = assessments.flatMap((one) => (one.intent?.state === 'pending' ? [one.intent] : []));
  const outside = assessments.flatMap((one) => (one.external && !one.external.number ? [one.external] : []));
  const unsettled = assessments.filter((one) => one.handling === 'unassessed' && !one.record && !one.intent);
  const decided = assessments.filter((one) => one.by && (one.handling === 'kept_ordered' || one.handling === 'trivial'));
  const [notLifted, setNotLifted] = useState('');
  const waiting = useWaitingLift(roomId, item.id);
  const clocks = unsettled.filter((one) => one.clock !== 'none');
  return (
    <>
      {[...numbers].map((number) => <StateChip key={number} state="registered"><span className="num">{number}</span></StateChip>)}
      {outside.map((one) => (
        <StateChip key={one.key} state="number">{t(`external.${one.state}`)}</StateChip>
      ))}
      {pending.map((intent) => (
        <PendingLift
          key={intent.key} roomId={roomId} intent={intent} active={active}
          onCommit={() => onCommit(intent.key)} onUndo={() => onUndo(intent.key)} onProblem={setNotLifted}
        />
      ))}
      {notLifted && <span className="problem small-text" role="alert"><Icon name="ExclamationmarkTriangle" />{t('lift.notLifted', { why: notLifted })}</span>}
      {waiting && <WaitingLift lift={waiting} active={active} />}
      {clocks.map((one) => (
        <ClockChip key={one.authority} clock={one.clock}>
          {clocks.length > 1 && `${one.authority}: `}{clockSentence(one, words(one.clock_text), t, language, http.now())}
        </ClockChip>
      ))}
      {decided.map((one) => (
        <StateChip key={one.authority} state={one.handling === 'trivial' ? 'trivial' : 'kept'} />
      ))}
    </>
  );
}
