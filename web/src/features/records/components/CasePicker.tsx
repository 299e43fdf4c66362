import { type KeyboardEvent, useId, useState } from 'react';
import type { CaseRef, Draft, Words } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { Icon } from '../../../shared/ui/Icon';
import { useCases } from '../api/cases';

interface Props {
  authority: string | undefined;
  suggestions: (CaseRef & { why: string | Words })[];
  onPick: (chosen: Draft['case'], shown: CaseRef | null) => void;
  onCancel: () => void;
}

/** Choose another case, or open a new one. Suggestions say why they are there. */
export function CasePicker({ authority, suggestions, onPick, onCancel }: Props) {
  const { t, words } = useLanguage();
  const [query, setQuery] = useState('');
  const [title, setTitle] = useState('');
  const id = useId();
  const found = useCases(authority, query).data?.cases ?? [];
  const listed: { ref: CaseRef; why: string }[] = query
    ? found.map((one) => ({ ref: one, why: '' }))
    : [...suggestions.map((one) => ({ ref: one, why: words(one.why) })),
      ...found.filter((one) => !suggestions.some((known) => known.id === one.id)).map((one) => ({ ref: one, why: '' }))];
  const openNew = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || !title.trim()) return;
    event.preventDefault();
    onPick({ new: { title: title.trim() } }, null);
  };
  return (
    <div
      className="case-picker"
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .caseline')];
          const at = stops.indexOf(document.activeElement as HTMLElement);
          event.preventDefault();
          stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
        }
        if (event.key !== 'Escape') return;
        event.preventDefault(); // in a dialog Esc closes this first
        event.stopPropagation();
        onCancel();
      }}
    >
      <div className="ds-field">
        <label className="ds-label" htmlFor={`${id}query`}>{t('case.search')}</label>
        <input
          className="ds-input" id={`${id}query`} value={query} autoFocus onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const first = listed[0]?.ref;
            if (event.key !== 'Enter' || event.ctrlKey || !first) return;
            event.preventDefault();
            onPick({ id: first.id }, first);
          }}
        />
      </div>
      <ul>
        {listed.slice(0, 6).map(({ ref, why }) => (
          <li key={ref.id}>
            <button type="button" className="caseline" onClick={() => onPick({ id: ref.id }, ref)}>
              <Icon name="Folder" /><span className="grow"><b className="num">{ref.number}</b> {ref.title}{why && <small>{why}</small>}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="row case-new">
        <label className="ds-sr-only" htmlFor={`${id}new`}>{t('case.newTitle')}</label>
        <input className="ds-input grow" id={`${id}new`} value={title} placeholder={t('case.newTitle')} onChange={(event) => setTitle(event.target.value)} onKeyDown={openNew} />
        <Button variant="secondary" small disabled={!title.trim()} onClick={() => onPick({ new: { title: title.trim() } }, null)}>{t('case.open')}</Button>
      </div>
    </div>
  );
}
