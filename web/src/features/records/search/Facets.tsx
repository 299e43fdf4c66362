import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useAuthorities, useDirectory, useMe } from '../../../shared/api/me';
import type { CaseSummary } from '../../../shared/api/types';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { useAllCases } from '../api/cases';
import type { FoundRecord } from './api';
import { directions, type RegisterQuery, statusGroups, toggled } from './query';

interface Props {
  query: RegisterQuery;
  /** The codes of the authorities that one may read whole. */
  own: string[];
  records: FoundRecord[];
  onChange: (next: RegisterQuery) => void;
}

/** What the list is narrowed by. Each choice is in the address at once. */
export function Facets({ query, own, records, onChange }: Props) {
  const { t } = useLanguage();
  const wide = matchMedia('(min-width: 56rem)').matches;
  const list = (name: 'direction' | 'status', values: readonly string[], text: (value: string) => string) => values.map((value) => (
    <label className="check" key={value}>
      <input type="checkbox" className="ds-input" checked={query[name].includes(value)} onChange={() => onChange({ ...query, [name]: toggled(query[name], value) })} />
      <span>{text(value)}</span>
    </label>
  ));
  return (
    <details className="facets" open={wide}>
      <summary>{t('search.narrow')}</summary>
      <div className="stack">
        <Authorities query={query} own={own} onChange={onChange} />
        <Days query={query} onChange={onChange} />
        <Group title={t('search.direction')}>{list('direction', directions, (value) => t(`direction.short_${value}`))}</Group>
        <Types query={query} records={records} onChange={onChange} />
        <OfCase query={query} onChange={onChange} />
        <Officer query={query} own={own} onChange={onChange} />
        <Group title={t('search.onWeb')}>{list('status', statusGroups.web, (value) => t(`search.status_${value}`))}</Group>
        <Group title={t('search.ofRecord')}>{list('status', statusGroups.record, (value) => t(`search.status_${value}`))}</Group>
        <Group title={t('search.ofCase')}>{list('status', statusGroups.case, (value) => t(`search.status_${value}`))}</Group>
      </div>
    </details>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return <fieldset className="plain stack tight"><legend>{title}</legend>{children}</fieldset>;
}

type Part = Pick<Props, 'query' | 'onChange'>;

function Authorities({ query, own, onChange }: Part & { own: string[] }) {
  const { t, words } = useLanguage();
  const authorities = useAuthorities();
  const sorted = [...authorities].sort((a, b) => Number(own.includes(b.code)) - Number(own.includes(a.code)));
  if (sorted.length < 2) return null;
  return (
    <Group title={t('search.authority')}>
      {sorted.map((one) => (
        <label className="check" key={one.code}>
          <input type="checkbox" className="ds-input" checked={query.authority.includes(one.code)} onChange={() => onChange({ ...query, authority: toggled(query.authority, one.code) })} />
          <span><span className="row"><AuthorityMark mark={one.mark} />{words(one.name) || one.code}</span>{!own.includes(one.code) && <small>{t('search.masked')}</small>}</span>
        </label>
      ))}
    </Group>
  );
}

function Days({ query, onChange }: Part) {
  const { t } = useLanguage();
  const { http } = useMatrix();
  const id = useId();
  const today = dayOf(http.now());
  const spans = { today, week: dayOf(http.now() - 6 * 86_400_000), year: `${today.slice(0, 4)}-01-01` };
  return (
    <Group title={t('search.days')}>
      <span className="row wrap">
        {(Object.keys(spans) as (keyof typeof spans)[]).map((span) => {
          const on = query.from === spans[span] && query.to === today;
          return <button key={span} type="button" className="pill" aria-pressed={on} onClick={() => onChange({ ...query, from: on ? '' : spans[span], to: on ? '' : today })}>{t(`search.days_${span}`)}</button>;
        })}
      </span>
      {(['from', 'to'] as const).map((end) => (
        <div className="row between" key={end}>
          <label htmlFor={`${id}${end}`}>{t(`search.${end}`)}</label>
          <input className="ds-input day-field" id={`${id}${end}`} type="date" value={query[end]} onChange={(event) => onChange({ ...query, [end]: event.target.value })} />
        </div>
      ))}
    </Group>
  );
}

/** A narrowing that is written: Enter adds it. */
function Written({ label, options, onAdd }: { label: string; options: { value: string; text?: string }[]; onAdd: (text: string) => boolean | Promise<boolean> }) {
  const { t } = useLanguage();
  const id = useId();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    const taken = await onAdd(text.trim());
    setMissing(!taken);
    if (taken) setText('');
  };
  return (
    <form className="stack tight" onSubmit={(event) => void add(event)} noValidate>
      <label className="facet-label" htmlFor={id}>{label}</label>
      <input className="ds-input" id={id} list={`${id}l`} value={text} autoComplete="off" aria-invalid={missing} aria-describedby={missing ? `${id}p` : undefined} onChange={(event) => { setText(event.target.value); setMissing(false); }} />
      <datalist id={`${id}l`}>{options.map((one) => <option key={one.value} value={one.value}>{one.text}</option>)}</datalist>
      {missing && <p className="problem small-text" id={`${id}p`} role="alert">{t('search.noCase')}</p>}
    </form>
  );
}

function Types({ query, records, onChange }: Part & { records: FoundRecord[] }) {
  const { t } = useLanguage();
  const seen = [...new Set(records.flatMap((one) => (one.masked || !one.record_type ? [] : [one.record_type])))].sort();
  return (
    <Written
      label={t('search.type')} options={seen.map((value) => ({ value }))}
      onAdd={(value) => { if (!query.type.includes(value)) onChange({ ...query, type: [...query.type, value] }); return true; }}
    />
  );
}

function OfCase({ query, onChange }: Part) {
  const { t } = useLanguage();
  const api = useApi();
  const cases = useAllCases('', false).data?.pages.flatMap((page) => page.cases) ?? [];
  return (
    <Written
      label={t('search.case')} options={cases.slice(0, 100).map((one) => ({ value: one.number, text: one.title }))}
      onAdd={async (number) => {
        const answer = await api.get<{ cases: CaseSummary[] }>('cases', { query: number }).catch(() => null);
        const found = answer?.cases.find((one) => one.number.toLocaleLowerCase() === number.toLocaleLowerCase());
        if (found) onChange({ ...query, case: String(found.id) });
        return found !== undefined;
      }}
    />
  );
}

function Officer({ query, own, onChange }: Part & { own: string[] }) {
  const { t } = useLanguage();
  const id = useId();
  const me = useMe();
  const directory = useDirectory();
  const people = [...directory.values()].filter((one) => own.includes(one.authority) && one.user_id !== me?.user_id).sort((a, b) => a.name.localeCompare(b.name, 'sv'));
  return (
    <div className="stack tight">
      <label className="facet-label" htmlFor={id}>{t('search.officer')}</label>
      <select className="ds-input" id={id} value={query.officer} onChange={(event) => onChange({ ...query, officer: event.target.value })}>
        <option value="">{t('search.anyone')}</option>
        {me && <option value={me.user_id}>{t('search.myself')}</option>}
        {people.map((one) => <option key={one.user_id} value={one.user_id}>{one.name}</option>)}
      </select>
    </div>
  );
}
