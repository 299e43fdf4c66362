import { useEffect, useState } from 'react';
import type { CaseRef, Draft, QueueLine } from '../../../shared/api/types';
import { clockSentence } from '../../../shared/format/clock';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Icon } from '../../../shared/ui/Icon';
import { useLinePreview } from '../api/lift';
import { type Choice, choiceDigits, isAllowed } from '../choices';
import { needsSecond } from '../draft';
import type { Problem, With } from '../useVerdicts';
import { AskForm } from './AskForm';
import { type CardField, cardKeys, DraftCard } from './DraftCard';
import { Duplicates } from './Duplicates';
import { EditLine } from './EditLine';
import { LinkForm } from './LinkForm';
import { QueueSource } from './QueueRow';
import { SecondForm } from './SecondForm';
import { VerdictButtons } from './Verdicts';

interface Props {
  line: QueueLine;
  draft: Draft;
  shownCase: CaseRef | null;
  problem: Problem | undefined;
  onChange: (draft: Partial<Draft>, shownCase?: CaseRef | null) => void;
  onChoose: (choice: Choice, more?: With) => void;
  onLater: () => void;
  /** A field or form is closed: focus goes back to the list. */
  onDone: () => void;
}

/** The chosen line: what it is, what will be written, and what to do with it. */
export function LineCard({ line, draft, shownCase, problem, onChange, onChoose, onLater, onDone }: Props) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const [editing, setEditing] = useState<CardField | null>(null);
  const [form, setForm] = useState<'ask' | 'link' | 'second' | null>(null);
  const [notice, setNotice] = useState('');
  const rules = line.assessment;
  const preview = useLinePreview(line, form === 'link' || editing === 'case' || editing === 'secrecy');
  const second = problem?.second ?? false;
  useEffect(() => { if (second) setForm('second'); }, [second]);

  const choose = (choice: Choice) => {
    setNotice('');
    const refused = rules.refused.find((one) => one.handling === choice);
    if (refused) return setNotice(words(refused.why));
    if (!line.room_id) return setNotice(t('desk.noRoom'));
    if (!isAllowed(choice, rules)) return setNotice(t('assess.notOffered'));
    if (choice === 'already_registered') return setForm('link');
    if (choice === 'trivial' && needsSecond(rules)) return setForm('second');
    onChoose(choice);
  };
  const close = () => {
    setEditing(null);
    setForm(null);
    onDone();
  };
  // The list beside has focus; the card is what these act on.
  useGlobalKeys(t('desk.chosen'), [
    ...choiceDigits.map(([choice, digit]) => ({ keys: [digit], label: t(`verdict.${choice}`), run: () => choose(choice) })),
    ...cardKeys(language, false).map(([field, letter]) => ({ keys: [letter], label: t(`keys.change`, { what: t(`cardField.${field}`) }), run: () => setEditing(field) })),
    { keys: ['R'], label: t('keys.ask'), run: () => setForm('ask') },
  ], '.desk');
  const whyNotFour = rules.refused.find((one) => one.handling === 'working');

  return (
    <section className="desk-right" aria-label={t('desk.chosen')} data-region="card">
      <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.chosen')}>
        <div className="row wrap"><ClockChip clock={rules.clock}>{clockSentence(rules, words(rules.clock_text), t, language, http.now())}</ClockChip></div>
        <QueueSource line={line} />
        <DraftCard
          draft={draft} shownCase={shownCase} cases={preview?.cases ?? []} hints={preview?.secrecy_hints ?? []} sources={{}} authority={line.authority}
          editing={editing} onEditing={(field) => (field ? setEditing(field) : close())} onChange={onChange}
        />
        <dl className="editlines last-line"><EditLine label={t('field.number')} shown={<span className="num">{t('lift.probably', { number: line.next_number })}</span>} /></dl>
        <Duplicates duplicates={preview?.duplicates ?? []} files={line.source.attachments} onSame={isAllowed('already_registered', rules) ? (record) => onChoose('already_registered', { record }) : undefined} />
        {line.crossing && <p className="hint"><Icon name="InformationSquare" /><span>{words(line.crossing)}</span></p>}
      </div>
      <div className="verdicts" role="group" aria-label={t('desk.assess')}>
        {(problem || notice) && <p className="problem small-text wide" role="alert">{problem?.text ?? notice}</p>}
        {form === 'ask' && <AskForm line={line} onClose={close} />}
        {form === 'link' && (
          <LinkForm suggestions={preview?.duplicates ?? []} onCancel={close} onDone={(record) => { close(); onChoose('already_registered', { record }); }} />
        )}
        {form === 'second' && (
          <SecondForm authority={line.authority} onCancel={close} onDone={(person) => { close(); onChoose('trivial', { second: person }); }} />
        )}
        {form === null && (
          <>
            {line.room_id && <VerdictButtons rules={rules} onChoose={choose} />}
            <Button variant="tertiary" color="neutral" icon="ChatElipsis" keys={['R']} onClick={() => setForm('ask')}>{t('desk.ask')}</Button>
            <Button variant="tertiary" color="neutral" icon="ArrowDown" keys={['V']} onClick={onLater}>{t('desk.laterVerb')}</Button>
            {whyNotFour && <p className="small-text quiet wide">{`4 ${t('verdict.working')}. ${words(whyNotFour.why)}`}</p>}
          </>
        )}
      </div>
    </section>
  );
}
