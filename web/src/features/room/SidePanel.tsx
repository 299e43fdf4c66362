import { useState } from 'react';
import { useOverview } from '../../shared/api/items';
import type { Authority, DirectoryPerson, Plan } from '../../shared/api/types';
import { type CaseMarks, useCaseMarks } from '../../shared/api/secrecy';
import { dayDistance, formatDate, formatDay, formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { membersOf, type Room } from '../../shared/matrix/rooms';
import { Button, IconButton } from '../../shared/ui/Button';
import { ClockChip } from '../../shared/ui/chips';
import { Icon } from '../../shared/ui/Icon';
import { SecrecyChips } from '../../shared/ui/SecrecyChip';
import { Person } from '../../shared/ui/Person';
import { Link, paths } from '../../shared/ui/router';

interface Props {
  room: Room;
  plan: Partial<Plan> | null;
  authorities: Authority[];
  directory: ReadonlyMap<string, DirectoryPerson>;
  onClose: () => void;
  onItem: (eventId: string) => void;
  onRecord: (recordId: string | number) => void;
  onInvite: () => void;
}

type Tab = 'overview' | 'plan' | 'records' | 'people';

/** Overview, plan, records and people of the room. */
export function SidePanel(props: Props) {
  const { t } = useLanguage();
  const [tab, setTab] = useState<Tab>('overview');
  const overview = useOverview(props.room.id);
  const registered = overview.data?.registered ?? [];
  const marks = useCaseMarks(props.plan?.case?.id);
  const people = membersOf(props.room);
  const counts: Record<Tab, string> = {
    overview: '', plan: '', records: registered.length ? ` ${registered.length}` : '', people: ` ${people.length}`,
  };
  return (
    <aside className="side" aria-label={t('side.title')} data-region="side">
      <div className="side-head"><h2>{t('side.title')}</h2><IconButton label={t('side.close')} icon="XMark" onClick={props.onClose} /></div>
      <div className="side-tabs" role="group" aria-label={t('side.parts')}>
        {(['overview', 'plan', 'records', 'people'] as const).map((one) => (
          <button key={one} type="button" aria-current={tab === one ? 'true' : undefined} onClick={() => setTab(one)}>
            {t(`side.${one}`)}{counts[one]}
          </button>
        ))}
      </div>
      <div className="side-body" tabIndex={0} role="region" aria-label={t(`side.${tab}`)}>
        {tab === 'overview' && (
          <>
            <ToAssess lines={overview.data?.to_assess ?? []} onItem={props.onItem} />
            <Registered lines={registered.slice(0, 3)} marks={marks} all={registered.length} onAll={() => setTab('records')} onRecord={props.onRecord} />
            <PlanInShort {...props} onWhole={() => setTab('plan')} />
          </>
        )}
        {tab === 'plan' && <WholePlan {...props} />}
        {tab === 'records' && <Registered lines={registered} marks={marks} all={registered.length} onRecord={props.onRecord} />}
        {tab === 'people' && <People {...props} />}
      </div>
    </aside>
  );
}

type OverviewData = NonNullable<ReturnType<typeof useOverview>['data']>;

function ToAssess({ lines, onItem }: { lines: OverviewData['to_assess']; onItem: (id: string) => void }) {
  const { t, words } = useLanguage();
  return (
    <section>
      <h3>{t('side.toAssess')} <span className="count">{lines.length}</span></h3>
      {lines.length === 0 && <p className="quiet small-text">{t('side.nothingToAssess')}</p>}
      <div className="stack">
        {lines.map((line) => (
          <button type="button" className="todo" key={`${line.event_id} ${line.assessment.authority}`} onClick={() => onItem(line.event_id)}>
            <b>{line.title}</b>
            <span className="row"><ClockChip clock={line.assessment.clock}>{words(line.assessment.clock_text)}</ClockChip></span>
          </button>
        ))}
      </div>
    </section>
  );
}

interface RegisteredProps {
  lines: OverviewData['registered'];
  marks: CaseMarks | undefined;
  all: number;
  onAll?: () => void;
  onRecord: (recordId: string | number) => void;
}

function Registered({ lines, marks, all, onAll, onRecord }: RegisteredProps) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const when = (at: number) => {
    const distance = dayDistance(at, http.now());
    if (distance === 'other') return formatDate(at, language, http.now());
    return t(`day.${distance}At`, { time: formatTime(at, language) });
  };
  return (
    <section>
      <h3>
        {t('side.registered')}
        {onAll && all > lines.length && <button type="button" className="ds-link" onClick={onAll}>{t('side.all', { count: all })}</button>}
      </h3>
      {lines.length === 0 && <p className="quiet small-text">{t('side.nothingRegistered')}</p>}
      {lines.map((line) => (
        <div className="rec" key={line.number}>
          <Icon name="SealCheckmark" />
          <button type="button" className="ds-link" data-color="neutral" onClick={() => onRecord(line.record_id)}>{line.title}</button>
          <small>{line.number} · {when(line.at)}</small>
          {(marks?.ofRecord.get(line.number) ?? []).length > 0 && <span className="row wrap"><SecrecyChips markings={marks?.ofRecord.get(line.number)} at="record" /></span>}
        </div>
      ))}
    </section>
  );
}

function PlanInShort({ plan, authorities, onWhole }: Props & { onWhole: () => void }) {
  const { t, words } = useLanguage();
  if (!plan) return <p className="quiet small-text">{t('plan.none')}</p>;
  const name = (code: string | undefined) => words(authorities.find((one) => one.code === code)?.name) || code;
  return (
    <section>
      <h3>{t('plan.short')} <button type="button" className="ds-link" onClick={onWhole}>{t('plan.whole')}</button></h3>
      <dl className="facts plan-facts">
        <dt>{t('plan.purpose')}</dt><dd>{plan.purpose}</dd>
        {plan.standing_decision && <><dt>{t('plan.kept')}</dt><dd>{t('plan.keptText')}</dd></>}
        <dt>{t('plan.registers')}</dt>
        <dd>{plan.level === 'shared' ? t('plan.registersForAll', { name: name(plan.registers) }) : name(plan.registers)}</dd>
        <dt>{t('plan.discloses')}</dt><dd>{t('plan.each')}</dd>
        <Retention plan={plan} />
      </dl>
    </section>
  );
}

function Retention({ plan }: { plan: Partial<Plan> }) {
  const { t } = useLanguage();
  if (plan.level === 'within') return <><dt>{t('plan.weeded')}</dt><dd>{t('plan.weededText', { count: plan.weed_after_days ?? 0 })}</dd></>;
  return <><dt>{t('plan.disposed')}</dt><dd>{t('plan.disposedText', { count: plan.dispose_after_days ?? 0 })}</dd></>;
}

function WholePlan({ room, plan, authorities }: Props) {
  const { t, language, words } = useLanguage();
  if (!plan) return <p className="quiet">{t('plan.none')} <Link href={paths.plan(room.id)}>{t('plan.openPage')}</Link></p>;
  const name = (code: string | undefined) => words(authorities.find((one) => one.code === code)?.name) || code;
  return (
    <section>
      <h3>{t('plan.title')} <Link href={paths.plan(room.id)} className="ds-link">{t('plan.openPage')}</Link></h3>
      <dl className="facts plan-facts">
        <dt>{t('plan.purpose')}</dt><dd>{plan.purpose}</dd>
        <dt>{t('plan.host')}</dt><dd>{name(plan.host)}</dd>
        <dt>{t('plan.parties')}</dt><dd>{(plan.parties ?? []).map(name).join(', ')}</dd>
        <dt>{t('plan.registers')}</dt><dd>{name(plan.registers)}</dd>
        <dt>{t('plan.archives')}</dt><dd>{name(plan.archives)}</dd>
        <dt>{t('plan.discloses')}</dt><dd>{t('plan.each')}</dd>
        {plan.class && <><dt>{t('class.label')}</dt><dd>{t(`class.${plan.class}`)}</dd></>}
        {plan.case?.number && <><dt>{t('room.case')}</dt><dd><span className="num">{plan.case.number}</span> {plan.case.title}</dd></>}
        {plan.classification && <><dt>{t('plan.classification')}</dt><dd>{plan.classification}</dd></>}
        {plan.standing_decision && (
          <>
            <dt>{t('plan.standing')}</dt>
            <dd>{plan.standing_decision.number}, {formatDay(plan.standing_decision.day, language)}<br />{t('plan.keptText')}</dd>
          </>
        )}
        <Retention plan={plan} />
        <dt>{t('plan.accepted')}</dt><dd>{(plan.accepted_by ?? []).map(name).join(', ') || '–'}</dd>
      </dl>
    </section>
  );
}

function People({ room, directory, authorities, onInvite }: Props) {
  const { t, words } = useLanguage();
  const people = membersOf(room).map((member) => {
    const person = directory.get(member.userId);
    return { ...member, name: person?.name ?? member.name, unit: person?.unit ?? '', authority: authorities.find((one) => one.code === person?.authority) };
  });
  return (
    <section>
      <h3>{t('side.people')}</h3>
      <p><Button variant="secondary" small icon="PersonPlus" keys={['I']} onClick={onInvite}>{t('inviting.open')}</Button></p>
      <ul className="rooms-who">
        {people.map((one) => (
          <li key={one.userId}>
            <Person name={one.name} mark={one.authority?.mark} tiny />
            <span>{one.name}<small>{[words(one.authority?.name), one.unit].filter(Boolean).join(', ')}</small></span>
          </li>
        ))}
      </ul>
    </section>
  );
}
