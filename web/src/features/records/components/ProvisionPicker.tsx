import { type KeyboardEvent, useId, useState } from 'react';
import { useProvisions } from '../../../shared/api/secrecy';
import type { Provision, Secrecy } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';

interface Props {
  value: Pick<Secrecy, 'provision' | 'provision_id'>;
  autoFocus?: boolean | undefined;
  invalid?: boolean | undefined;
  onPick: (value: Pick<Secrecy, 'provision' | 'provision_id'>) => void;
}

/** The provision of a marking: searched in the list by number, subject or words; a text that isn't there is taken too. */
export function ProvisionPicker({ value, autoFocus, invalid, onPick }: Props) {
  const { t, words } = useLanguage();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const written = value.provision.trim();
  const search = useProvisions(value.provision_id ? '' : written, open);
  const chosen = useChosen(value);
  const found = open ? search.data ?? [] : [];
  const pick = (one: Provision) => {
    onPick({ provision: one.cite, provision_id: one.id });
    setOpen(false);
    setAt(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const one = found[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return setOpen(true);
      const next = at + (event.key === 'ArrowDown' ? 1 : -1);
      return setAt(next < 0 ? found.length - 1 : next >= found.length ? 0 : next);
    }
    if (!open || event.ctrlKey || !((event.key === 'Enter' && one) || event.key === 'Escape')) return;
    // Enter and Esc close the list first; after that they are the form's.
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter' && one) pick(one);
    else setOpen(false);
  };
  return (
    <div className="ds-field provision grow" onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false); }}>
      <label className="ds-label" htmlFor={`${id}p`}>{t('secrecy.provision')}</label>
      <input
        className="ds-input" id={`${id}p`} role="combobox" autoComplete="off" aria-autocomplete="list" aria-expanded={open} aria-controls={`${id}l`}
        aria-activedescendant={found[at] && `${id}${found[at].id}`} aria-describedby={`${id}d`} aria-invalid={invalid} autoFocus={autoFocus} data-first={autoFocus ? '' : undefined}
        placeholder={t('secrecy.search')} value={value.provision} onKeyDown={onKeyDown} onClick={() => setOpen(true)}
        onChange={(event) => { onPick({ provision: event.target.value }); setOpen(true); setAt(event.target.value.trim() ? 0 : -1); }}
      />
      <div className="provisions" role="listbox" id={`${id}l`} aria-label={t('secrecy.provisions')} hidden={!open}>
        {found.map((one, index) => (
          <div
            key={one.id} id={`${id}${one.id}`} role="option" aria-selected={index === at} className="hit"
            ref={(element) => { if (index === at) element?.scrollIntoView({ block: 'nearest' }); }}
            onPointerDown={(event) => event.preventDefault()} onClick={() => pick(one)}
          >
            <b>{one.cite}</b> {words(one.subject)}<small>{words(one.description)}</small>
          </div>
        ))}
      </div>
      <p className="ds-sr-only" role="status">{open && search.data ? t('secrecy.found', { count: found.length }) : ''}</p>
      <p className="small-text quiet" id={`${id}d`}>
        {chosen && <><b>{words(chosen.subject)}.</b> {words(chosen.description)} {t(`secrecy.presumption_${chosen.presumption}`)} {chosen.max_years !== null && t('secrecy.years', { count: chosen.max_years })}</>}
        {!chosen && written !== '' && !open && t('secrecy.notListed')}
      </p>
    </div>
  );
}

/** The listed provision that is chosen, also when only its text came, as from a guess. */
function useChosen(value: Pick<Secrecy, 'provision' | 'provision_id'>): Provision | undefined {
  const { data } = useProvisions(value.provision, value.provision.trim() !== '');
  return data?.find((one) => one.id === value.provision_id || one.cite === value.provision);
}
