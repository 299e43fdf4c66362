import { type FormEvent, type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useDirectory } from '../../../shared/api/me';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';

interface Props {
  authority: string;
  onDone: (person: string) => void;
  onCancel: () => void;
}

/** What may be secret is of little importance only when a colleague at the same authority agrees (R22). */
export function SecondForm({ authority, onDone, onCancel }: Props) {
  const { t } = useLanguage();
  const me = useMatrix().get().session?.userId;
  const directory = useDirectory();
  const id = useId();
  const people = [...directory.values()].filter((person) => person.user_id !== me && person.authority === authority);
  const [chosen, setChosen] = useState<string | null>(null);
  // Enter before the directory has come is not lost: it counts when there is somebody to name.
  const [wanted, setWanted] = useState(false);
  const who = chosen ?? people[0]?.user_id ?? '';
  const save = (event?: FormEvent) => {
    event?.preventDefault();
    if (who) onDone(who);
    else setWanted(true);
  };
  useEffect(() => { if (wanted && who) onDone(who); }, [wanted, who]); // eslint-disable-line react-hooks/exhaustive-deps
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.target instanceof HTMLSelectElement) {
      event.preventDefault();
      save();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <form className="wide stack tight" aria-label={t('second.title')} onSubmit={save} onKeyDown={onKeyDown}>
      <p className="small-text">{t('second.why')}</p>
      <label htmlFor={id}>{t('second.who')}</label>
      <select className="ds-input" id={id} autoFocus value={who} onChange={(event) => setChosen(event.target.value)}>
        {people.map((person) => <option key={person.user_id} value={person.user_id}>{person.name}, {person.unit}</option>)}
      </select>
      {directory.size > 0 && people.length === 0 && <p className="problem small-text">{t('second.nobody')}</p>}
      <p className="row">
        <Button type="submit" small keys={['↵']} disabled={directory.size > 0 && !who}>{t('second.save')}</Button>
        <Button small variant="tertiary" keys={['Esc']} onClick={onCancel}>{t('cancel')}</Button>
      </p>
    </form>
  );
}
