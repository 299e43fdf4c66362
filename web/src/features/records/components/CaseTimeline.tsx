import { Trans } from 'react-i18next';
import { useDirectory } from '../../../shared/api/me';
import type { CaseWithRecords } from '../../../shared/api/types';
import { formatDate, formatDay, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Icon, type IconName } from '../../../shared/ui/Icon';
import { useCaseFieldText } from '../caseFields';
import { documentNumber } from '../public';

interface Happened { key: string; at: number; icon: IconName; text: React.ReactNode; when: string; reason?: string }

/** What has happened to the case, newest first; a correction is an event of its own and says that both wordings remain. */
export function CaseTimeline({ found }: { found: CaseWithRecords }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const directory = useDirectory();
  const name = (user: string | undefined) => directory.get(user ?? '')?.name ?? user ?? '';
  const valueText = useCaseFieldText();
  const moment = (at: number) => `${formatDate(at, language, http.now())} ${formatTime(at, language)}`;
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
  const all: Happened[] = found.entries.flatMap((record) => [
    {
      key: `r${record.id}`, at: record.registered_at, icon: 'SealCheckmark' as const, when: moment(record.registered_at),
      text: <Trans i18nKey="casePage.registered" values={{ title: record.title, name: name(record.registered_by) }} components={{ b: <b /> }} />,
    },
    ...record.corrections.map((one, index) => ({
      key: `c${record.id}.${index}`, at: one.at, icon: 'Pencil' as const, when: moment(one.at),
      text: t('casePage.corrected', { field: t(`field.${one.field}`, { defaultValue: one.field }), number: documentNumber(record.number), name: name(one.by) }),
    })),
  ]);
  found.changes.forEach((one, index) => all.push({
    key: `f${index}`, at: one.at, icon: 'Pencil', when: moment(one.at), reason: one.reason,
    text: t('caseField.changed', { field: t(`caseField.${one.field}`, { defaultValue: one.field }), from: valueText(one.field, one.from), to: valueText(one.field, one.to), name: name(one.by) }),
  }));
  found.relations.forEach((one) => all.push({
    key: `l${one.id}`, at: one.at, icon: 'Link', when: moment(one.at), text: t('relation.made', { number: one.other.number, name: name(one.by) }),
  }));
  all.push({ key: 'opened', at: day(found.opened_day), icon: 'FolderPlus', text: t('casePage.openedBy', { name: name(found.opened_by) }), when: formatDay(found.opened_day, language) });
  if (found.closed_day) all.push({ key: 'closed', at: day(found.closed_day) + 86_399_999, icon: 'Archive', text: t('casePage.closedDay'), when: formatDay(found.closed_day, language) });
  all.sort((a, b) => b.at - a.at);
  return (
    <section className="stack" aria-label={t('casePage.timeline')}>
      <h2 className="card-title">{t('casePage.timeline')}</h2>
      <ol className="time-line">
        {all.map((one) => <li key={one.key}><Icon name={one.icon} />{one.text}{one.reason && <small>{t('caseField.because', { reason: one.reason })}</small>}<small>{one.when}</small></li>)}
      </ol>
    </section>
  );
}
