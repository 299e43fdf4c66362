import type { RefObject } from 'react';
import type { CaseWithRecords, RegisteredRecord } from '../../../shared/api/types';
import { formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { StateChip } from '../../../shared/ui/chips';
import { Icon, type IconName } from '../../../shared/ui/Icon';
import { SecrecyChips } from '../../../shared/ui/SecrecyChip';
import { documentNumber, isMarked, otherParty, publicView } from '../public';
import { RenditionNote } from './RenditionNote';

const ways: Record<RegisteredRecord['direction'], IconName> = { in: 'InboxDown', out: 'InboxUp', internal: 'NotePencilDash' };

interface Props {
  found: CaseWithRecords;
  asPublic: boolean;
  table: RefObject<HTMLTableElement | null>;
  onOpen: (recordId: string | number) => void;
}

/** The records of a case, newest first. */
export function CaseRecords({ found, asPublic, table, onOpen }: Props) {
  const { t, language } = useLanguage();
  if (found.entries.length === 0) return <p className="empty">{t('casePage.empty')}</p>;
  return (
    <table className="tbl" ref={table}>
      <caption className="ds-sr-only">{t('casePage.caption', { number: found.number })}</caption>
      <thead><tr>{(['nr', 'date', 'way', 'name', 'marks'] as const).map((one) => <th key={one} scope="col">{t(`casePage.${one}`)}</th>)}</tr></thead>
      <tbody>
        {[...found.entries].reverse().map((record) => (
          <tr key={record.id}>
            <td className="num">{documentNumber(record.number)}</td>
            <td className="num">{formatDay(record.came_or_made_day, language)}</td>
            <td><span className="dir"><Icon name={ways[record.direction]} />{t(`direction.short_${record.direction}`)}</span></td>
            {asPublic ? <PublicCells record={record} /> : <OwnCells record={record} onOpen={() => onOpen(record.id)} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OwnCells({ record, onOpen }: { record: RegisteredRecord; onOpen: () => void }) {
  const { t } = useLanguage();
  const party = [otherParty(record), record.private_person ? t('manual.private') : ''].filter(Boolean).join(', ');
  return (
    <>
      <td>
        <button type="button" className="ds-link row-link" data-color="neutral" onClick={onOpen}>{record.title}</button>
        {record.internal_title && record.internal_title !== record.title && <small>{record.internal_title}</small>}
        {party && <small>{party}</small>}
      </td>
      <td>
        <span className="stack tight marks">
          {record.not_a_record && <StateChip state="down">{t('casePage.notRecord')}</StateChip>}
          {record.disposed && <StateChip state="trivial">{t('casePage.disposed')}</StateChip>}
          <SecrecyChips markings={record.secrecy_shown} at="record" />
          {record.files.filter((file) => file.secrecy_shown?.some((one) => one.from === 'file')).map((file) => <StateChip key={file.n} state="secret">{t('secrecy.fileMarked', { name: file.name })}</StateChip>)}
          {record.publication === 'waiting' && <StateChip state="web" />}
          {record.publication === 'taken_down' && <StateChip state="down" />}
          {record.publication === 'number_only' && <StateChip state="number" />}
          <RenditionNote rendition={record.rendition} />
        </span>
      </td>
    </>
  );
}

function PublicCells({ record }: { record: RegisteredRecord }) {
  const { t } = useLanguage();
  const shown = publicView(record, t);
  return (
    <>
      <td>
        {shown.title ? <b>{shown.title}</b> : <span className="quiet">{record.disposed ? t('casePage.disposed') : t('casePage.noTitle')}</span>}
        {shown.party && <small>{shown.party}</small>}
      </td>
      <td>{isMarked(record) && <StateChip state="secret" />}</td>
    </>
  );
}
