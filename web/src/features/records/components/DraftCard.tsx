import { type ReactNode, useState } from 'react';
import { useAuthority } from '../../../shared/api/me';
import type { CaseRef, Draft, Suggestions, Words } from '../../../shared/api/types';
import { dayOf, formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { caseKey } from '../draft';
import { CasePicker } from './CasePicker';
import { EditLine, InlineText } from './EditLine';
import { SecrecyField } from './SecrecyField';

export type CardField = 'title' | 'internal_title' | 'party' | 'case' | 'type' | 'secrecy' | 'direction' | 'day';

interface Props {
  draft: Draft;
  shownCase: CaseRef | null;
  cases: Suggestions['cases'];
  hints: Suggestions['secrecy_hints'];
  sources: Record<string, Words>;
  authority: string | undefined;
  /** Manual entry also shows direction and day. */
  manual?: boolean;
  partyLabel?: string;
  editing: CardField | null;
  onEditing: (field: CardField | null) => void;
  onChange: (change: Partial<Draft>, shownCase?: CaseRef | null) => void;
  children?: ReactNode;
}

/** The key of each field on the card; the case follows the language. */
export function cardKeys(language: string, manual: boolean): [CardField, string][] {
  const keys: [CardField, string][] = [['title', 'E'], ['party', 'A'], ['case', caseKey(language)], ['type', 'T'], ['secrecy', 'S']];
  return manual ? [['direction', 'V'], ['day', 'D'], ...keys] : [...keys, ['internal_title', 'I']];
}

/** Every field of a record to be, each with its key. Torg has filled them in; a person changes what is wrong. */
export function DraftCard(props: Props) {
  const { draft, editing, onEditing, onChange, sources, manual } = props;
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const authority = useAuthority(props.authority);
  const letters = new Map(cardKeys(language, manual ?? false));
  const partyField = draft.direction === 'out' ? 'recipient' : 'sender';
  const newCase = draft.case && 'new' in draft.case ? draft.case.new.title : null;
  const line = (field: CardField) => ({ letter: letters.get(field), editing: editing === field, onEdit: () => onEditing(field) });
  const done = (change: (value: string) => Partial<Draft>) => (value: string | null) => {
    if (value !== null) onChange(change(value));
    onEditing(null);
  };
  return (
    <dl className="editlines">
      {manual && (
        <>
          <EditLine label={t('field.direction')} shown={t(`directionLong.${draft.direction}`)} source={words(sources.direction)} {...line('direction')}>
            <span className="row wrap" role="group" aria-label={t('field.direction')}>
              {(['in', 'out', 'internal'] as const).map((one, index) => (
                <button key={one} type="button" className="pill" aria-pressed={draft.direction === one} autoFocus={index === 0} onClick={() => { onChange({ direction: one }); onEditing(null); }}>
                  {t(`directionLong.${one}`)}
                </button>
              ))}
            </span>
          </EditLine>
          <EditLine label={t(`field.day_${draft.direction}`)} shown={<span className="num">{formatDay(draft.came_or_made_day, language)}</span>} source={words(sources.came_or_made_day)} {...line('day')}>
            <InlineText label={t(`field.day_${draft.direction}`)} type="date" value={draft.came_or_made_day} onDone={done((came_or_made_day) => ({ came_or_made_day }))} />
          </EditLine>
        </>
      )}
      {manual && <PartyLine {...props} partyField={partyField} line={line('party')} done={done} />}
      <EditLine label={t('field.title')} shown={<b>{draft.title || '–'}</b>} source={words(sources.title)} {...line('title')}>
        <InlineText label={t('field.title')} value={draft.title} onDone={done((title) => ({ title }))} />
      </EditLine>
      {!manual && (
        <EditLine label={t('field.internal_title')} shown={draft.internal_title && draft.internal_title !== draft.title ? draft.internal_title : <span className="quiet">{t('desk.same')}</span>} {...line('internal_title')}>
          <InlineText label={t('field.internal_title')} value={draft.internal_title} onDone={done((internal_title) => ({ internal_title }))} />
        </EditLine>
      )}
      {!manual && <PartyLine {...props} partyField={partyField} line={line('party')} done={done} />}
      <EditLine
        label={t('field.case')} source={words(sources.case)} {...line('case')}
        shown={newCase !== null ? <><b>{t('case.new')}</b> {newCase}</> : props.shownCase ? <><b className="num">{props.shownCase.number}</b> {props.shownCase.title}</> : <span className="quiet">{t('case.none')}</span>}
      >
        <CasePicker authority={authority?.code} suggestions={props.cases} onPick={(value, shown) => { onChange({ case: value }, shown); onEditing(null); }} onCancel={() => onEditing(null)} />
      </EditLine>
      <EditLine label={t('field.typeAndClass')} shown={[draft.record_type, draft.classification].filter(Boolean).join(' · ') || '–'} source={words(sources.record_type ?? sources.classification)} {...line('type')}>
        <TypeFields draft={draft} onDone={(change) => { if (change) onChange(change); onEditing(null); }} />
      </EditLine>
      {props.children}
      <EditLine
        label={t('field.secrecy')} {...line('secrecy')}
        shown={draft.secrecy ? <b>{draft.secrecy.provision || t('secrecy.mark')}</b> : <>{t('secrecy.none')} <span className="quiet">· {props.hints[0] ? t('secrecy.hint', { provision: props.hints[0].provision }) : t('secrecy.nothing')}</span></>}
      >
        <div
          className="stack"
          onKeyDown={(event) => {
            const leave = event.key === 'Escape' || (event.key === 'Enter' && event.target instanceof HTMLInputElement);
            if (!leave || event.ctrlKey) return;
            event.preventDefault();
            event.stopPropagation();
            onEditing(null);
          }}
        >
          <SecrecyField autoFocus secrecy={draft.secrecy} hints={props.hints} today={dayOf(http.now())} onChange={(secrecy) => onChange({ secrecy })} />
          <p><Button small variant="secondary" onClick={() => onEditing(null)}>{t('field.save')}</Button></p>
        </div>
      </EditLine>
    </dl>
  );
}

interface PartyProps extends Props {
  partyField: 'sender' | 'recipient';
  line: { letter: string | undefined; editing: boolean; onEdit: () => void };
  done: (change: (value: string) => Partial<Draft>) => (value: string | null) => void;
}

function PartyLine({ draft, sources, partyLabel, partyField, onChange, line, done }: PartyProps) {
  const { t, words } = useLanguage();
  const label = partyLabel ?? t(`field.${partyField}`);
  const shown = [draft[partyField] || '–', draft.private_person ? t('manual.private') : ''].filter(Boolean).join(', ');
  return (
    <EditLine label={label} shown={shown} source={words(sources[partyField])} {...line}>
      <div className="stack tight">
        <InlineText label={label} value={draft[partyField]} onDone={done((value) => ({ [partyField]: value }))} />
        <label className="check">
          <input type="checkbox" className="ds-input" checked={draft.private_person} onChange={(event) => onChange({ private_person: event.target.checked })} />
          <span>{t('manual.privateLabel')}</span>
        </label>
      </div>
    </EditLine>
  );
}

function TypeFields({ draft, onDone }: { draft: Draft; onDone: (change: Partial<Draft> | null) => void }) {
  const { t } = useLanguage();
  const [record_type, setType] = useState(draft.record_type);
  const [classification, setClassification] = useState(draft.classification);
  return (
    <form
      className="stack tight"
      onSubmit={(event) => { event.preventDefault(); onDone({ record_type, classification }); }}
      onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); onDone(null); } }}
    >
      <label>{t('field.type')}<input className="ds-input" value={record_type} autoFocus onChange={(event) => setType(event.target.value)} /></label>
      <label>{t('field.classification')}<input className="ds-input" value={classification} onChange={(event) => setClassification(event.target.value)} /></label>
      <p><Button small variant="secondary" type="submit">{t('field.save')}</Button></p>
    </form>
  );
}
