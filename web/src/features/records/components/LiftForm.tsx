import { useId } from 'react';
import type { CaseRef, Draft, LiftPreview } from '../../../shared/api/types';
import { formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { Icon } from '../../../shared/ui/Icon';
import { caseKey, type DraftProblem } from '../draft';
import { CasePicker } from './CasePicker';
import { Duplicates } from './Duplicates';
import { SecrecyField } from './SecrecyField';

interface Props {
  preview: LiftPreview;
  /** No server has been asked: what it would fill in is not known yet. */
  away: boolean;
  draft: Draft;
  chosenCase: CaseRef | null;
  picking: boolean;
  authority: string | undefined;
  today: string;
  problems: DraftProblem[];
  /** It is registered already, with this number. */
  onSame: ((number: string) => void) | undefined;
  onDraft: (change: Partial<Draft>) => void;
  onPicking: (picking: boolean) => void;
  onCase: (value: Draft['case'], shown: CaseRef | null) => void;
}

/** Case, public title and secrecy; the rest is folded, already right, and editable on the desk. */
export function LiftForm(props: Props) {
  const { preview, draft, chosenCase, picking, problems } = props;
  const { t, language, words } = useLanguage();
  const id = useId();
  const key = caseKey(language);
  const newCase = draft.case && 'new' in draft.case ? draft.case.new.title : null;
  return (
    <section className="lift-right" aria-label={t('lift.details')}>
      <div className="stack tight">
        <h3 className="step"><i>2</i>{t('case.one')}</h3>
        {picking ? (
          <CasePicker authority={props.authority} suggestions={preview.cases} onPick={props.onCase} onCancel={() => props.onPicking(false)} />
        ) : (
          <div className="caseline">
            <Icon name="Folder" />
            <span className="grow">
              {newCase !== null ? <><b>{t('case.new')}</b> {newCase}</>
                : chosenCase ? <><b className="num">{chosenCase.number}</b> {chosenCase.title}</> : t(props.away ? 'case.later' : 'case.none')}
              {preview.sources.case && <small>{words(preview.sources.case)}</small>}
            </span>
            <Button variant="tertiary" small keys={[key]} onClick={() => props.onPicking(true)}>{t('case.change')}</Button>
          </div>
        )}
      </div>
      <div className="ds-field">
        <label className="step" htmlFor={`${id}title`}><i>3</i>{t('field.title')}</label>
        <input
          className="ds-input" type="text" id={`${id}title`} data-first="" aria-describedby={`${id}web`} value={draft.title}
          aria-invalid={problems.includes('title')} onChange={(event) => props.onDraft({ title: event.target.value })}
        />
        <p className="quiet small-text row" id={`${id}web`}><Icon name="Globe" /><span>{t('lift.webNote')}</span></p>
      </div>
      <fieldset className="plain">
        <legend className="step"><i>4</i>{t('secrecy.title')}</legend>
        <SecrecyField secrecy={draft.secrecy} hints={preview.secrecy_hints} today={props.today} onChange={(secrecy) => props.onDraft({ secrecy })} />
      </fieldset>
      <ul className="checks">
        {preview.checks.map((check) => (
          <li key={check.id} data-ok={check.ok}><Icon name={check.ok ? 'Checkmark' : 'ExclamationmarkTriangle'} />{words(check.text)}</li>
        ))}
      </ul>
      <Duplicates duplicates={preview.duplicates} files={preview.items.flatMap((item) => item.attachments)} onSame={props.onSame} />
      {props.away && <p className="hint"><Icon name="InformationSquare" /><span>{t('lift.awayNote')}</span></p>}
      {!props.away && <details className="filled" open>
        <summary>{t('lift.filledIn')}</summary>
        <dl className="facts">
          <dt>{t('field.number')}</dt><dd className="num">{preview.next_number ? t('lift.probably', { number: preview.next_number }) : t('external.number')}</dd>
          <dt>{t('field.type')}</dt><dd>{draft.record_type}, {t(`direction.${draft.direction}`)}</dd>
          {draft.sender && <><dt>{t('field.sender')}</dt><dd>{draft.sender}</dd></>}
          {draft.recipient && <><dt>{t('field.recipient')}</dt><dd>{draft.recipient}</dd></>}
          <dt>{t(`field.day_${draft.direction}`)}</dt><dd className="num">{formatDay(draft.came_or_made_day, language)}</dd>
          <dt>{t('field.classification')}</dt><dd>{draft.classification}</dd>
        </dl>
      </details>}
    </section>
  );
}
