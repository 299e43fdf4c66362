import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';

const pause = 300;

interface Props {
  text: string;
  /** A pause in the writing. */
  onChange: (text: string) => void;
  onEnter: (text: string) => void;
  onDown: () => void;
}

/** The words one looks for. The list follows the writing; Enter goes into it. */
export function SearchField({ text, onChange, onEnter, onDown }: Props) {
  const { t } = useLanguage();
  const [written, setWritten] = useState(text);
  const [before, setBefore] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Back, forward and a saved search bring words of their own.
  if (before !== text) {
    setBefore(text);
    if (written.trim() !== text) setWritten(text);
  }
  useEffect(() => {
    field.current?.focus();
    return () => clearTimeout(timer.current);
  }, []);
  const write = (value: string) => {
    setWritten(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(value.trim()), pause);
  };
  const enter = (event: FormEvent) => {
    event.preventDefault();
    clearTimeout(timer.current);
    onEnter(written.trim());
  };
  return (
    <form className="row register-words" role="search" onSubmit={enter}>
      <label className="ds-sr-only" htmlFor="register-words">{t('search.words')}</label>
      <input
        ref={field} className="ds-input grow" id="register-words" type="search" value={written} placeholder={t('search.placeholder')} data-region-focus=""
        aria-describedby="register-words-note" autoComplete="off" onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'ArrowDown') { event.preventDefault(); onDown(); } }}
      />
      <span className="ds-sr-only" id="register-words-note">{t('search.wordsNote')}</span>
    </form>
  );
}
