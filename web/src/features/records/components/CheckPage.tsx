import { useMemo, useState } from 'react';
import { authoritiesWithRole, useAuthority, useMe } from '../../../shared/api/me';
import type { CheckLine } from '../../../shared/api/types';
import { formatDay, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { Button } from '../../../shared/ui/Button';
import { StateChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { SecrecyChips } from '../../../shared/ui/SecrecyChip';
import { useSay } from '../../../shared/ui/Status';
import { Waiting } from '../../../shared/ui/Waiting';
import { useChecks } from '../api/desk';
import { type Show, usePublish } from '../api/record';
import { markNames } from '../draft';
import { nextAfter } from '../queue';
import { DeskTop } from './DeskTop';
import { InlineText } from './EditLine';
import { Filters } from './Filters';
import { KeyBar } from './KeyBar';
import { ListBox } from './ListBox';

const codeOf = (line: CheckLine) => line.number.split(' ')[0] ?? '';
const said: Record<Show, string> = { full: 'check.shown', number_only: 'check.onlyNumber', taken_down: 'check.taken' };

/** Titles before they show on the web: number, date and direction are there already, title and party wait. */
export function CheckPage() {
  const { t, language } = useLanguage();
  const me = useMe();
  const codes = useMemo(() => authoritiesWithRole(me, 'registrar'), [me]);
  const checks = useChecks(codes);
  const publish = usePublish();
  const say = useSay();
  const faultText = useFaultText();
  const [authority, setAuthority] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [titles, setTitles] = useState<Record<string, string>>({});
  const [editing, setEditing] = useState(false);
  const [last, setLast] = useState<CheckLine | null>(null);
  const [fault, setFault] = useState('');

  const lines = (checks.data?.lines ?? []).filter((line) => !gone.has(String(line.record_id)));
  const shown = lines.filter((line) => !authority || codeOf(line) === authority);
  const order = shown.map((line) => String(line.record_id));
  const current = chosen && order.includes(chosen) ? chosen : (order[0] ?? null);
  const line = shown.find((one) => String(one.record_id) === current) ?? null;
  const title = line ? (titles[current ?? ''] ?? line.when_shown.title) : '';

  const show = async (how: Show) => {
    if (!line || !current) return;
    setFault('');
    setChosen(nextAfter(order, new Set([current])));
    setGone(new Set([...gone, current]));
    giveFocus('#queue');
    try {
      await publish(line.record_id, how, how === 'full' && title !== line.when_shown.title ? title : undefined);
      setLast(line);
      say(t(said[how]));
    } catch (error) {
      setGone((known) => new Set([...known].filter((id) => id !== current)));
      setFault(faultText(error));
    }
  };
  const undo = async () => {
    if (!last) return;
    try {
      await publish(last.record_id, 'number_only');
      setGone((known) => new Set([...known].filter((id) => id !== String(last.record_id))));
      setChosen(String(last.record_id));
      say(t('check.undone'));
    } catch (error) {
      setFault(faultText(error));
    }
    setLast(null);
  };
  const take = () => { if (line?.suggested_title && current) setTitles({ ...titles, [current]: line.suggested_title }); };
  const step = (by: number) => setChosen(order[Math.min(order.length - 1, Math.max(0, order.indexOf(current ?? '') + by))] ?? null);
  const onKeyDown = useKeys(t('desk.toCheck'), [
    { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => step(1) },
    { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => step(-1) },
    { keys: ['W'], label: t('keys.show'), run: () => void show('full') },
    { keys: ['E'], label: t('keys.editTitle'), run: () => setEditing(true) },
    { keys: ['F'], label: t('keys.suggestion'), run: take },
    { keys: ['U'], label: t('keys.numberOnly'), run: () => void show('number_only') },
    { keys: ['D'], label: t('keys.takeDown'), run: () => void show('taken_down') },
    { keys: ['Z'], label: t('undo'), run: () => void undo() },
  ]);

  return (
    <main className="main" id="main">
      <DeskTop active="check" authorities={codes} progress={checks.data ? t('desk.checkProgress', { count: lines.length, done: checks.data.done_today ?? 0 }) : ''} />
      <div className="desk" onKeyDown={onKeyDown}>
        <div className="desk-left">
          <Filters codes={codes} lines={lines.map(codeOf)} chosen={authority} onChoose={setAuthority} />
          <div className="queue-region" data-region="queue">
            <Waiting on={checks.isPending} />
            {checks.isError && <Fault error={checks.error} onRetry={() => void checks.refetch()} />}
            {checks.data && order.length === 0 && <p className="empty" tabIndex={0} id="queue">{t('check.empty')}</p>}
            {order.length > 0 && (
              <ListBox
                label={t('check.list')} current={current} autoFocus onCurrent={setChosen}
                groups={[{ id: 'waiting', title: t('check.waiting'), rows: shown.map((one) => ({ id: String(one.record_id), content: <CheckRow line={one} time={formatTime(one.at, language)} /> })) }]}
              />
            )}
          </div>
          <KeyBar keys={[[['J', 'K'], t('desk.keysNext')], [['W'], t('check.keysShow')], [['E'], t('check.keysEdit')], [['D'], t('check.keysDown')], [['Z'], t('check.keysUndo')]]} />
        </div>
        {line && (
          <section className="desk-right" aria-label={t('check.chosen')} data-region="card">
            <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('check.chosen')}>
              <div className="row wrap"><StateChip state="registered"><span className="num">{line.number}</span></StateChip><StateChip state="web" /><SecrecyChips markings={line.secrecy_shown} at="record" /></div>
              {(line.secrecy_shown ?? []).length > 0 && <p className="hint"><Icon name="EyeObfuscated" /><span>{t('check.marked')}</span></p>}
              <WebNow heading={t('check.now')} line={line} title={line.on_web_now.title} party={line.on_web_now.party} />
              {editing ? (
                <InlineText label={t('field.title')} value={title} onDone={(value) => { if (value !== null && current) setTitles({ ...titles, [current]: value }); setEditing(false); giveFocus('#queue'); }} />
              ) : <WebNow heading={t('check.whenShown')} line={line} title={title} party={line.when_shown.party} marked={title === line.when_shown.title} />}
              {line.suggested_title && title !== line.suggested_title && (
                <>
                  <p className="hint"><Icon name="ExclamationmarkTriangle" /><span>{line.names.length > 0 && t('check.namesPerson')} {t('check.suggestion')} <b>{line.suggested_title}</b></span></p>
                  <p className="row"><Button variant="secondary" small keys={['F']} onClick={take}>{t('check.take')}</Button></p>
                </>
              )}
              <p className="hint"><Icon name="InformationSquare" /><span>{t('check.note')}</span></p>
            </div>
            <div className="verdicts" role="group" aria-label={t('check.web')}>
              {fault && <p className="problem small-text wide" role="alert">{fault}</p>}
              <Button icon="Globe" keys={['W']} onClick={() => void show('full')}>{t('check.show')}</Button>
              <Button icon="EyeSlash" variant="secondary" color="neutral" keys={['U']} onClick={() => void show('number_only')}>{t('check.numberOnly')}</Button>
              <Button icon="Pencil" variant="secondary" color="neutral" keys={['E']} onClick={() => setEditing(true)}>{t('check.edit')}</Button>
              <Button icon="GlobeSlash" variant="tertiary" color="neutral" keys={['D']} onClick={() => void show('taken_down')}>{t('check.takeDown')}</Button>
            </div>
          </section>
        )}
      </div>
    </main>
  );
}

function CheckRow({ line, time }: { line: CheckLine; time: string }) {
  const { t } = useLanguage();
  return (
    <>
      <Icon name="FileText" />
      <b>{line.when_shown.title}</b>
      <small className="num">{line.number} · {t('check.registered', { time })}</small>
      {line.names.length > 0 && <span className="need"><Icon name="ExclamationmarkTriangle" /><b>{t('desk.needs')}</b> {t('check.name')}</span>}
      <StateChip state="web">{t('check.notYet')}</StateChip>
    </>
  );
}

interface WebNowProps { heading: string; line: CheckLine; title: string | null; party: string | null; marked?: boolean }

function WebNow({ heading, line, title, party, marked }: WebNowProps) {
  const { t, language, words } = useLanguage();
  const authority = useAuthority(codeOf(line));
  const came = line.direction && line.came_or_made_day ? t(`check.day_${line.direction}`, { day: formatDay(line.came_or_made_day, language) }) : '';
  const shownParty = marked !== undefined && line.when_shown.private_person ? t('done.privateParty') : party && t(line.direction === 'out' ? 'check.toParty' : 'check.fromParty', { party });
  const parts = marked ? markNames(title ?? '', line.names) : [{ text: title ?? '', name: false }];
  return (
    <section className="stack tight">
      <h2 className="card-title">{heading}</h2>
      <div className="webnow">
        {title ? <p><b>{parts.map((part) => (part.name ? <mark className="maybe" key={part.text}>{part.text}</mark> : part.text))}</b></p> : <p className="quiet">{t('check.withheld')}</p>}
        <p className="small-text num">{[line.number, [came, shownParty].filter(Boolean).join(' '), words(authority?.name)].filter(Boolean).join(' · ')}</p>
      </div>
    </section>
  );
}
