import { useDirectory } from '../../../shared/api/me';
import type { CaseWithRecords } from '../../../shared/api/types';
import { dayOf, formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useMatrix } from '../../../shared/matrix/react';
import { ClockChip } from '../../../shared/ui/chips';
import { type CaseField, caseFieldLetters, caseFields, changeable } from '../caseFields';
import { CaseFieldForm } from './CaseFieldForm';
import { EditLine } from './EditLine';
import '../../../styles/register.css';

interface Props {
  found: CaseWithRecords;
  may: boolean;
  editing: CaseField | null;
  onEdit: (field: CaseField | null) => void;
}

/** Where a case stands and who has it: each line with the key that changes it. */
export function CaseFacts({ found, may, editing, onEdit }: Props) {
  const { t } = useLanguage();
  const fields = changeable(found);
  return (
    <section className="panel case-facts" aria-label={t('caseField.about')}>
      <header><h2>{t('caseField.about')}</h2></header>
      <dl className="panel-body editlines">
        {caseFields.map((field) => {
          const label = t(`caseField.${field}`);
          const done = () => {
            onEdit(null);
            giveFocus(`.case-facts [aria-label="${t('keys.change', { what: label })}"]`);
          };
          return (
            <EditLine
              key={field} label={label} shown={<Shown field={field} found={found} />} editing={may && editing === field}
              {...(may && fields.includes(field) ? { letter: caseFieldLetters[field], onEdit: () => onEdit(field) } : {})}
            >
              <CaseFieldForm found={found} field={field} onDone={done} />
            </EditLine>
          );
        })}
      </dl>
    </section>
  );
}

function Shown({ field, found }: { field: CaseField; found: CaseWithRecords }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const directory = useDirectory();
  if (field === 'state') return <b>{t(`caseField.state_${found.state}`)}</b>;
  if (field === 'officer') return found.officer ? <>{directory.get(found.officer)?.name ?? found.officer}</> : <span className="quiet">{t('caseField.nobody')}</span>;
  if (field === 'parallel') {
    if (found.parallel.length === 0) return <span className="quiet">–</span>;
    return <span className="stack tight">{found.parallel.map((one) => <span key={one.authority + one.number}>{one.authority} <span className="num">{one.number}</span></span>)}</span>;
  }
  if (field === 'deadline' && found.deadline) {
    const today = dayOf(http.now());
    const running = found.state === 'open' || found.state === 'waiting';
    if (!running) return <>{formatDay(found.deadline, language)}</>;
    return <ClockChip clock={found.deadline < today ? 'late' : found.deadline === today ? 'today' : 'calm'}>{formatDay(found.deadline, language)}</ClockChip>;
  }
  return <>{found[field] || <span className="quiet">–</span>}</>;
}
