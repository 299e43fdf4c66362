import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { KeyHint } from '../../../shared/ui/KeyHint';

interface Props {
  label: string;
  letter?: string;
  shown: ReactNode;
  source?: string;
  editing?: boolean;
  onEdit?: () => void;
  children?: ReactNode;
}

/** One field of the desk's card: what it says, where the guess comes from, and the key that changes it. */
export function EditLine({ label, letter, shown, source, editing, onEdit, children }: Props) {
  const { t } = useLanguage();
  return (
    <div className="editline">
      <dt>{label}</dt>
      <dd>{editing && children ? children : <>{shown}{source && <small className="quiet source">{source}</small>}</>}</dd>
      {letter && onEdit && (
        <dd>
          <button type="button" className="key-button" onClick={onEdit} aria-label={t('keys.change', { what: label })}>
            <KeyHint keys={[letter]} />
          </button>
        </dd>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onDone: (value: string | null) => void;
  type?: 'text' | 'date';
}

/** A field opened in place: Enter keeps, Esc lets be; focus starts in it with the text chosen. */
export function InlineText({ label, value, onDone, type = 'text' }: TextProps) {
  const { t } = useLanguage();
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    field.current?.focus();
    if (type === 'text') field.current?.select();
  }, [type]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    if (event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    onDone(event.key === 'Enter' ? text : null);
  };
  return (
    <span className="row inline-edit">
      <label className="ds-sr-only" htmlFor={id}>{label}</label>
      <input ref={field} id={id} type={type} className="ds-input grow" value={text} onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
      <Button small variant="secondary" onClick={() => onDone(text)}>{t('field.save')}</Button>
    </span>
  );
}
