import { Fragment, type RefObject } from 'react';
import { useAuthorities, useDirectory } from '../../../shared/api/me';
import { dayOf, formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { StateChip } from '../../../shared/ui/chips';
import { Icon, type IconName } from '../../../shared/ui/Icon';
import { Link, paths } from '../../../shared/ui/router';
import { publicPath } from '../public';
import type { FoundRecord, MaskedRecord, OwnRecord } from './api';

const ways: Record<FoundRecord['direction'], IconName> = { in: 'InboxDown', out: 'InboxUp', internal: 'NotePencilDash' };

interface Props {
  records: FoundRecord[];
  table: RefObject<HTMLTableElement | null>;
  /** What is shown answers the question before. */
  busy: boolean;
  onOpen: (id: number) => void;
}

/** What was found, newest first: whole for one's own registers, as the web shows it for the others. */
export function FoundTable({ records, table, busy, onOpen }: Props) {
  const { t, language } = useLanguage();
  const authorities = useAuthorities();
  return (
    <table className="tbl found" ref={table} aria-busy={busy}>
      <caption className="ds-sr-only">{t('search.found')}</caption>
      <thead><tr>{(['number', 'day', 'way', 'name', 'case', 'state'] as const).map((one) => <th key={one} scope="col">{t(`search.col_${one}`)}</th>)}</tr></thead>
      <tbody>
        {records.map((record) => (
          <tr key={record.id} data-masked={record.masked ? '' : undefined}>
            <td className="num"><span className="org"><AuthorityMark mark={authorities.find((one) => one.code === record.authority)?.mark} />{record.number}</span></td>
            <td className="num">{formatDay(dayOf(record.registered_at), language)}</td>
            <td><span className="dir"><Icon name={ways[record.direction]} />{t(`direction.short_${record.direction}`)}</span></td>
            {record.masked ? <Masked record={record} /> : <Own record={record} onOpen={() => onOpen(record.id)} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Own({ record, onOpen }: { record: OwnRecord; onOpen: () => void }) {
  const { t } = useLanguage();
  const directory = useDirectory();
  const party = [record.party, record.private_person ? t('manual.private') : ''].filter(Boolean).join(', ');
  const officer = record.officer ? directory.get(record.officer)?.name ?? record.officer : '';
  return (
    <Fragment>
      <td>
        <button type="button" className="ds-link row-link" data-color="neutral" onClick={onOpen}>{record.title}</button>
        {record.internal_title && record.internal_title !== record.title && <small>{record.internal_title}</small>}
        <small>{[party, record.record_type].filter(Boolean).join(' · ')}</small>
      </td>
      <td>
        {record.case && <Link href={paths.case(record.case.id)} className="num">{record.case.number}</Link>}
        {record.case && <small>{record.case.title}</small>}
        {officer && <small>{t('search.officerOf', { name: officer })}</small>}
      </td>
      <td>
        <span className="stack tight marks">
          {record.not_a_record && <StateChip state="down">{t('casePage.notRecord')}</StateChip>}
          {record.disposed && <StateChip state="trivial">{t('casePage.disposed')}</StateChip>}
          {record.secrecy !== null && <StateChip state="secret">{record.secrecy || undefined}</StateChip>}
          {record.publication === 'waiting' && <StateChip state="web" />}
          {record.publication === 'taken_down' && <StateChip state="down" />}
          {record.publication === 'number_only' && <StateChip state="number" />}
        </span>
      </td>
    </Fragment>
  );
}

function Masked({ record }: { record: MaskedRecord }) {
  const { t, language } = useLanguage();
  return (
    <Fragment>
      <td>
        <a className="row-link" href={publicPath(record.number, language)} target="_blank" rel="noreferrer">{record.title ?? t('casePage.noTitle')}</a>
        {record.party && <small>{record.party}</small>}
      </td>
      <td />
      <td><span className="marks"><StateChip state="web">{t('search.masked')}</StateChip></span></td>
    </Fragment>
  );
}
