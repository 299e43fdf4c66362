import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import type { DisclosureRequest } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { useSay } from '../../../shared/ui/Status';
import { type Outcome, useDeskOperations } from '../api/desk';

export const outcomeKeys: [Outcome, string][] = [['released', 'U'], ['partly', 'D'], ['refused', 'A'], ['withdrawn', 'W']];

interface Props {
  request: DisclosureRequest;
  /** Chosen by a key or a button; null while nothing is. */
  outcome: Outcome | null;
  onOutcome: (outcome: Outcome | null) => void;
  /** Whether the keys are shown on the buttons: where they work. */
  keys?: boolean;
  /** Answered, but the words that must be said are still to be read. */
  onTelling?: () => void;
  onDone: () => void;
}

/** The four answers to a request. What is withheld is said with its provision, and the person is told of the right to a decision. */
export function RequestAnswer({ request, outcome, onOutcome, keys = false, onTelling, onDone }: Props) {
  const { t, words } = useLanguage();
  const queries = useQueryClient();
  const operations = useDeskOperations();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [note, setNote] = useState('');
  const [fault, setFault] = useState('');
  const [tell, setTell] = useState('');
  const withheld = outcome === 'partly' || outcome === 'refused';

  const refresh = () => {
    void queries.invalidateQueries({ queryKey: ['requests'] });
    void queries.invalidateQueries({ queryKey: ['queue'] });
    onDone();
  };
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!outcome) return;
    if (withheld && note.trim() === '') return setFault(t('request.noteNeeded'));
    try {
      const answer = await operations.answer(request.id, { outcome, note });
      say(t('request.answered'));
      // A refusal has words that must be said before it is done: the list is asked again when they have been read.
      if (answer.tell) {
        onTelling?.();
        return setTell(words(answer.tell));
      }
      refresh();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onOutcome(null);
    }
  };
  if (tell !== '') {
    return (
      <div className="wide stack tight">
        <div className="ds-alert" data-color="info" role="status"><p>{tell}</p></div>
        <p className="row"><Button small autoFocus onClick={refresh}>{t('request.told')}</Button></p>
      </div>
    );
  }
  if (outcome === null) {
    return outcomeKeys.map(([one, key], index) => (
      <Button
        key={one} keys={keys ? [key] : undefined} variant={index === 0 ? 'primary' : 'secondary'}
        color={index === 0 ? undefined : 'neutral'} onClick={() => onOutcome(one)}
      >
        {t(`request.${one}`)}
      </Button>
    ));
  }
  return (
    <form className="wide stack tight" aria-label={t(`request.${outcome}`)} onSubmit={(event) => void send(event)} onKeyDown={onKeyDown}>
      <label htmlFor={`${id}n`}>{t(withheld ? 'request.why' : 'request.note')}</label>
      <textarea className="ds-input" id={`${id}n`} rows={3} autoFocus required={withheld} value={note} onChange={(event) => setNote(event.target.value)} />
      {fault && <p className="problem small-text" role="alert">{fault}</p>}
      <p className="row">
        <Button type="submit" small keys={['Ctrl+Enter']}>{t(`request.${outcome}`)}</Button>
        <Button small variant="tertiary" onClick={() => onOutcome(null)}>{t('cancel')}</Button>
      </p>
    </form>
  );
}
