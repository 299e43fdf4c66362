import { type FormEvent, useId, useState } from 'react';
import { useDirectory } from '../../../shared/api/me';
import type { QueueLine } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { useSay } from '../../../shared/ui/Status';
import { useDeskOperations } from '../api/desk';

/** Ask an officer in the room. The question is suggested; the clock does not stop. */
export function AskForm({ line, onClose }: { line: QueueLine; onClose: () => void }) {
  const { t } = useLanguage();
  const matrix = useMatrix();
  const directory = useDirectory();
  const operations = useDeskOperations();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const me = matrix.get().session?.userId;
  const people = [...directory.values()].filter((person) => person.user_id !== me && person.authority === line.authority);
  const [chosen, setTo] = useState<string | null>(null);
  const to = chosen ?? people[0]?.user_id ?? '';
  const [question, setQuestion] = useState(t('desk.askSuggested', { title: line.title }));
  const [fault, setFault] = useState('');
  const send = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await operations.ask(line.id, { event_id: line.event_id, to, question });
      say(t('desk.asked'));
      onClose();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <form
      className="wide stack tight" aria-label={t('desk.askTitle')} onSubmit={(event) => void send(event)}
      onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); onClose(); } }}
    >
      <label htmlFor={`${id}to`}>{t('desk.askWhom')}</label>
      <select className="ds-input" id={`${id}to`} value={to} onChange={(event) => setTo(event.target.value)}>
        {people.map((person) => <option key={person.user_id} value={person.user_id}>{person.name}, {person.unit}</option>)}
      </select>
      <label htmlFor={`${id}q`}>{t('desk.askQuestion')}</label>
      <input className="ds-input" id={`${id}q`} autoFocus value={question} onChange={(event) => setQuestion(event.target.value)} />
      {fault && <p className="problem small-text" role="alert">{fault}</p>}
      <p className="row"><Button type="submit" small>{t('desk.askSend')}</Button><Button small variant="tertiary" onClick={onClose}>{t('cancel')}</Button></p>
    </form>
  );
}
