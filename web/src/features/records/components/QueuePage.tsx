import type { TFunction } from 'i18next';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { authoritiesWithRole, useDirectory, useMe } from '../../../shared/api/me';
import type { CaseRef, Draft, QueueLine } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import type { Binding } from '../../../shared/keys/keymap';
import { useKeys } from '../../../shared/keys/useKeys';
import { Button } from '../../../shared/ui/Button';
import { Fault } from '../../../shared/ui/Fault';
import { NoticeBar } from '../../../shared/ui/NoticeBar';
import { navigate, paths } from '../../../shared/ui/router';
import { useSlow } from '../../../shared/ui/useSlow';
import type { Choice } from '../choices';
import { nextAfter, withChanges } from '../queue';
import { useQueueList } from '../useQueueList';
import { useVerdicts, type With } from '../useVerdicts';
import { BulkCard } from './BulkCard';
import { CorrectSheet } from './CorrectSheet';
import { DeskTop } from './DeskTop';
import { Filters } from './Filters';
import { KeyBar } from './KeyBar';
import { ListBox } from './ListBox';
import { LineCard } from './LineCard';
import { QueueRow } from './QueueRow';
import { RequestCard } from './RequestCard';
import { ReviewCard } from './ReviewCard';
import { UndoBar } from './UndoBar';

/** *12 kvar · 2 försenade · 31 klara i dag*; nothing late isn't said. */
function progressOf(queue: { left: number; late: number; done_today: number } | undefined, t: TFunction): string {
  if (!queue) return '';
  const late = queue.late ? t('desk.lateCount', { count: queue.late }) : '';
  return [t('desk.left', { left: queue.left }), late, t('desk.done', { done: queue.done_today })].filter(Boolean).join(' · ');
}

const nearTheEnd = 10;

interface Changes { draft: Partial<Draft>; shownCase?: CaseRef | null }

const focusQueue = () => giveFocus('#queue');

/** The registrar's queue by the clock: the source first, then every field with its key, then the verdicts. */
export function QueuePage() {
  const { t } = useLanguage();
  const me = useMe();
  const codes = useMemo(() => authoritiesWithRole(me, 'registrar'), [me]);
  useDirectory(); // the forms that name a colleague find it here already
  const verdicts = useVerdicts();
  const [filter, setFilter] = useState({ authority: null as string | null, needsYou: false });
  const [chosen, setChosen] = useState<string | null>(null);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [putOff, setPutOff] = useState<ReadonlySet<string>>(new Set());
  // A request that has been answered stays until what must be said has been read, though the queue has it no more.
  const [telling, setTelling] = useState<QueueLine | null>(null);
  const [changes, setChanges] = useState<Record<string, Changes>>({});

  const list = useQueueList(codes, filter, verdicts, telling, putOff);
  const { queue, lines, groups, order } = list;
  const slow = useSlow(queue.isPending);
  const current = chosen && order.includes(chosen) ? chosen : (order[0] ?? null);
  const line = lines.find((one) => String(one.id) === current) ?? null;
  const bulk = groups.flatMap((group) => group.lines).filter((one) => marked.has(String(one.id)) && one.room_id !== null);
  const draftOf = (one: QueueLine) => withChanges(one.draft, changes[String(one.id)]?.draft);

  // What one does counts: a line that the server sends back takes the place only of a person who has stood still since.
  const acts = useRef(0);
  const step = (by: number) => {
    acts.current += 1;
    const at = Math.min(order.length - 1, Math.max(0, order.indexOf(current ?? '') + by));
    setChosen(order[at] ?? null);
    if (at > order.length - nearTheEnd) list.loadMore();
  };
  const choose = async (choice: Choice, more?: With) => {
    const targets = bulk.length > 0 ? bulk : line?.room_id ? [line] : [];
    const asking = targets.filter((one) => verdicts.asks(one, choice, draftOf(one)));
    const going = targets.filter((one) => !asking.includes(one));
    acts.current += 1;
    const act = acts.current;
    setChosen(asking[0] ? String(asking[0].id) : nextAfter(order, new Set(going.map((one) => String(one.id)))));
    setMarked(new Set());
    focusQueue();
    if (choice !== 'register' && going.length > 1) {
      const done = await verdicts.chooseMany(going, choice, more);
      if (done === 0 && act === acts.current) setChosen(String(going[0]?.id));
      return;
    }
    for (const target of going) {
      const done = await verdicts.choose(target, choice, draftOf(target), more);
      if (!done && act === acts.current) setChosen(String(target.id));
    }
  };
  const later = () => {
    if (!current) return;
    acts.current += 1;
    setPutOff(new Set([...putOff, current]));
    setChosen(nextAfter(order, new Set([current])));
  };
  const toggle = () => {
    if (!current || !line?.room_id) return; // a request or a review is settled by itself
    const next = new Set(marked);
    if (!next.delete(current)) next.add(current);
    setMarked(next);
  };
  const extend = (by: number) => {
    if (!current) return;
    const reached = [current, order[order.indexOf(current) + by] ?? current];
    const alone = new Set(lines.filter((one) => one.room_id === null).map((one) => String(one.id)));
    setMarked(new Set([...marked, ...reached.filter((id) => !alone.has(id))]));
    step(by);
  };
  const clear = () => {
    setMarked(new Set());
    focusQueue();
  };
  const open = () => { if (line?.room_id) navigate(paths.roomAt(line.room_id, line.event_id)); };

  const openCase = () => { if (line?.case) navigate(paths.case(line.case.id)); };
  const listKeys: Binding[] = [
    { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => step(1) },
    { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => step(-1) },
    { keys: ['Shift+J', 'Shift+ArrowDown'], label: t('keys.selectMore'), run: () => extend(1) },
    { keys: ['Shift+K', 'Shift+ArrowUp'], label: t('keys.selectMore'), run: () => extend(-1) },
    { keys: ['Home'], label: t('keys.first'), run: () => step(-order.length) },
    { keys: ['End'], label: t('keys.last'), run: () => step(order.length) },
    { keys: ['X'], label: t('keys.select'), run: toggle },
    { keys: ['Escape'], label: t('keys.clear'), run: clear },
    { keys: ['V'], label: t('keys.later'), run: later },
    { keys: ['O'], label: t('keys.open'), run: open },
    { keys: ['Shift+O'], label: t('keys.openCase'), run: openCase },
    { keys: ['Z'], label: t('keys.undoOrCorrect'), run: () => void verdicts.undo() },
    { keys: ['Enter'], label: t('keys.commitNow'), run: () => void verdicts.commitNow() },
    { keys: ['+'], label: t('keys.new'), run: () => navigate(paths.manual) },
  ];
  const onKeyDown = useKeys(t('desk.toAssess'), listKeys);

  return (
    <main className="main" id="main">
      <DeskTop active="assess" authorities={codes} progress={progressOf(queue.data, t)} />
      <NoticeBar />
      <div className="desk" onKeyDown={onKeyDown}>
        <div className="desk-left">
          <Filters
            codes={codes} lines={lines.map((one) => one.authority)} left={list.counts && { all: list.whole.data?.left ?? 0, by: list.counts }} chosen={filter.authority}
            onChoose={(authority) => setFilter({ ...filter, authority })}
            needsYou={{ count: lines.filter((one) => one.needs_you).length, more: list.partly, on: filter.needsYou, onToggle: () => setFilter({ ...filter, needsYou: !filter.needsYou }) }}
          />
          <div className="queue-region" data-region="queue">
            {queue.isError && <Fault error={queue.error} onRetry={() => void queue.refetch()} />}
            {slow && <p className="hint queue-note" role="status">{t('desk.fetching')}</p>}
            {queue.data && order.length === 0 && <EmptyQueue text={list.emptied ? t('desk.fetching') : t('desk.queueEmpty', { done: queue.data.done_today })} />}
            {order.length > 0 && (
              <ListBox
                label={t('desk.queue')} current={current} multi={marked.size > 0} autoFocus onCurrent={setChosen} onEnd={list.partly ? list.loadMore : undefined}
                groups={groups.map((group) => ({
                  id: group.due, title: t(`desk.${group.due}`),
                  rows: group.lines.map((one) => ({ id: String(one.id), selected: marked.has(String(one.id)), content: <QueueRow line={one} title={draftOf(one).title || one.title} back={verdicts.problems[String(one.id)]?.text} /> })),
                }))}
              />
            )}
            {list.partly && order.length > 0 && (
              <p className="queue-more row">
                <span role="status">{t('desk.shown', { shown: order.length, left: queue.data?.left ?? order.length })}</span>
                <Button small variant="tertiary" disabled={queue.isFetchingNextPage} onClick={() => { list.loadMore(); focusQueue(); }}>{t('desk.more')}</Button>
              </p>
            )}
            {bulk.length > 0 && <p className="selection" role="status">{t('desk.selected', { count: bulk.length })}</p>}
          </div>
          {verdicts.last && <UndoBar last={verdicts.last} onUndo={() => void verdicts.undo()} onCommit={() => void verdicts.commitNow()} />}
          <KeyBar keys={[[['J', 'K'], t('desk.keysNext')], [['1', '–', '5'], t('desk.keysAssess')], [['X'], t('desk.keysSelect')], [['Z'], t('desk.keysUndo')], [['O'], t('desk.keysOpen')], [['Shift', 'O'], t('desk.keysCase')]]} />
        </div>
        {bulk.length > 0 && <BulkCard key={bulk.length} lines={bulk} onChoose={(choice, more) => void choose(choice, more)} onClear={clear} onDone={focusQueue} />}
        {bulk.length === 0 && line?.request && <RequestCard key={current} request={line.request} onLater={later} onTelling={() => setTelling(line)} onDone={() => { setTelling(null); focusQueue(); }} />}
        {bulk.length === 0 && line?.kind === 'review' && <ReviewCard key={current} line={line} onDone={focusQueue} />}
        {bulk.length === 0 && line && !line.request && line.kind !== 'review' && (
          <LineCard
            key={current} line={line} draft={draftOf(line)} shownCase={changes[String(line.id)]?.shownCase ?? line.case}
            problem={verdicts.problems[String(line.id)]}
            onChange={(draft, shownCase) => setChanges({
              ...changes,
              [String(line.id)]: { draft: { ...changes[String(line.id)]?.draft, ...draft }, shownCase: shownCase ?? changes[String(line.id)]?.shownCase },
            })}
            onChoose={(choice, more) => void choose(choice, more)} onLater={later} onDone={focusQueue}
          />
        )}
      </div>
      {verdicts.correcting !== null && <CorrectSheet recordId={verdicts.correcting} onClose={() => { verdicts.setCorrecting(null); focusQueue(); }} />}
    </main>
  );
}

/** Takes focus over from the list that was here: keys go on working when the last line is done. */
function EmptyQueue({ text }: { text: string }) {
  const place = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) place.current?.focus();
  }, []);
  return <p className="empty" tabIndex={0} id="queue" ref={place}>{text}</p>;
}
