import { useState } from 'react';
import type { QueueLine, Verdict } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { Button } from '../../../shared/ui/Button';
import { type Choice, choiceDigits, choicesForAll } from '../choices';
import { needsSecond } from '../draft';
import type { With } from '../useVerdicts';
import { LinkForm } from './LinkForm';
import { SecondForm } from './SecondForm';

interface Props {
  lines: QueueLine[];
  onChoose: (choice: Choice, more?: With) => void;
  onClear: () => void;
  /** A form is closed: focus goes back to the list. */
  onDone: () => void;
}

/** The marked lines and one decision about them all. What the rules refuse for any of them is not offered, and says why. */
export function BulkCard({ lines, onChoose, onClear, onDone }: Props) {
  const { t, words } = useLanguage();
  const [form, setForm] = useState<'link' | 'second' | null>(null);
  const [notice, setNotice] = useState('');
  const choices = choicesForAll(lines.map((line) => line.assessment));
  const secret = lines.filter((line) => needsSecond(line.assessment));
  const boards = [...new Set(secret.map((line) => line.authority))];
  const refusal = (choice: Choice): string => {
    const { stopped = 0, why = null } = choices.find((one) => one.choice === choice) ?? {};
    if (stopped === lines.length && why) return words(why);
    if (stopped > 0) return [t('bulk.notForAll', { count: stopped, all: lines.length }), words(why)].filter(Boolean).join(' ');
    // The colleague who agrees works at the authority that decides (R22).
    return choice === 'trivial' && boards.length > 1 ? t('bulk.secondBoards') : '';
  };
  const choose = (choice: Choice) => {
    const refused = refusal(choice);
    setNotice(refused);
    if (refused) return;
    if (choice === 'already_registered') setForm('link');
    else if (choice === 'trivial' && secret.length > 0) setForm('second');
    else onChoose(choice);
  };
  const settle = (verdict: Verdict, more: With) => {
    setForm(null);
    onDone();
    onChoose(verdict, more);
  };
  const cancel = () => {
    setForm(null);
    onDone();
  };
  useGlobalKeys(t('bulk.title'), choiceDigits.map(([choice, digit]) => ({ keys: [digit], label: t(`verdict.${choice}`), run: () => choose(choice) })), '.desk');
  const offered = choiceDigits.filter(([choice]) => !refusal(choice));
  const absent = choiceDigits.filter(([choice]) => refusal(choice));
  return (
    <section className="desk-right" aria-label={t('bulk.title')} data-region="card">
      <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('bulk.title')}>
        <h2 className="card-title">{t('desk.selected', { count: lines.length })}</h2>
        <ul className="stops">
          {lines.map((line) => <li key={line.id} className="bulk-line"><span>{line.title}<small>{[line.authority, words(line.assessment.clock_text)].filter(Boolean).join(' · ')}</small></span></li>)}
        </ul>
      </div>
      <div className="verdicts" role="group" aria-label={t('desk.assess')}>
        {notice && <p className="problem small-text wide" role="alert">{notice}</p>}
        {form === 'link' && <LinkForm suggestions={[]} onCancel={cancel} onDone={(record) => settle('already_registered', { record })} />}
        {form === 'second' && <SecondForm authority={boards[0] ?? ''} onCancel={cancel} onDone={(second) => settle('trivial', { second })} />}
        {form === null && (
          <>
            {offered.map(([choice, digit, icon]) => (
              <Button key={choice} icon={icon} keys={[digit]} variant={choice === 'register' ? 'primary' : 'secondary'} color={choice === 'register' ? undefined : 'neutral'} onClick={() => choose(choice)}>
                {t(`verdict.${choice}`)}
              </Button>
            ))}
            <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClear}>{t('stream.clear')}</Button>
            {absent.map(([choice, digit]) => <p className="small-text quiet wide" key={choice}>{`${digit} ${t(`verdict.${choice}`)}. ${refusal(choice)}`}</p>)}
          </>
        )}
      </div>
    </section>
  );
}
