import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { Button, IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Link, paths } from '../../../shared/ui/router';
import { useSay } from '../../../shared/ui/Status';
import { type SavedSearch, useSavedSearches, useSearchOperations } from './api';
import { fromSaved, parameters, type RegisterQuery, writeQuery } from './query';

interface Props {
  query: RegisterQuery;
  naming: boolean;
  onNaming: (on: boolean) => void;
}

/** Searches that one comes back to: one's own, by name. What is thrown away can be had back. */
export function SavedSearches({ query, naming, onNaming }: Props) {
  const { t } = useLanguage();
  const saved = useSavedSearches();
  const operations = useSearchOperations();
  const say = useSay();
  const faultText = useFaultText();
  const [gone, setGone] = useState<SavedSearch | null>(null);
  const [fault, setFault] = useState('');
  const attempt = async (act: () => Promise<void>) => {
    setFault('');
    try {
      await act();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const forget = (one: SavedSearch) => void attempt(async () => {
    await operations.forget(one.id);
    setGone(one);
    say(t('search.forgotten', { name: one.name }));
    giveFocus('.saved-back');
  });
  const back = (one: SavedSearch) => void attempt(async () => {
    await operations.save(one.name, one.query);
    setGone(null);
    say(t('search.saved', { name: one.name }));
    giveFocus('#register-words');
  });
  const address = writeQuery(query);
  return (
    <section className="stack tight saved" aria-label={t('search.savedTitle')}>
      <div className="row between"><h2>{t('search.savedTitle')}</h2>{!naming && address !== '' && <Button small variant="tertiary" keys={['S']} onClick={() => onNaming(true)}>{t('search.keep')}</Button>}</div>
      {naming && <NameForm query={query} known={saved.data ?? []} onDone={() => { onNaming(false); giveFocus('#register-words'); }} />}
      {saved.data?.length === 0 && !naming && <p className="quiet small-text">{t('search.savedNone')}</p>}
      <ul className="plain-list">
        {saved.data?.map((one) => {
          const asked = writeQuery(fromSaved(one.query));
          return (
            <li className="row" key={one.id}>
              <Link href={paths.findBy(asked)} className="grow" aria-current={asked === address ? 'true' : undefined}>{one.name}</Link>
              <IconButton label={t('search.forget', { name: one.name })} icon="Trash" onClick={() => forget(one)} />
            </li>
          );
        })}
      </ul>
      {gone && <p className="row small-text"><span className="grow">{t('search.forgotten', { name: gone.name })}</span><Button className="saved-back" small variant="secondary" onClick={() => back(gone)}>{t('undo')}</Button></p>}
      {fault && <p className="problem small-text" role="alert">{fault}</p>}
    </section>
  );
}

function NameForm({ query, known, onDone }: { query: RegisterQuery; known: SavedSearch[]; onDone: () => void }) {
  const { t } = useLanguage();
  const operations = useSearchOperations();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(query.q);
  const [fault, setFault] = useState('');
  useEffect(() => { field.current?.focus(); field.current?.select(); }, []);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return setFault(t('search.nameMissing'));
    try {
      await operations.save(name.trim(), parameters(query));
      say(t('search.saved', { name: name.trim() }));
      onDone();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <form
      className="stack tight" onSubmit={(event) => void save(event)} noValidate
      onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); onDone(); } }}
    >
      <label htmlFor={id}>{t('search.name')}</label>
      <span className="row">
        <input className="ds-input grow" id={id} ref={field} value={name} maxLength={100} aria-invalid={fault !== ''} onChange={(event) => setName(event.target.value)} />
        <Button small type="submit" keys={['↵']}>{t('search.keep')}</Button>
      </span>
      {known.some((one) => one.name === name.trim()) && <p className="small-text quiet">{t('search.replaces')}</p>}
      {fault && <p className="problem small-text" role="alert">{fault}</p>}
    </form>
  );
}
