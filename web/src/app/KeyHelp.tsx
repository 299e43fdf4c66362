import { useId, useState } from 'react';
import { useLanguage } from '../shared/i18n/i18n';
import { drawn } from '../shared/keys/keymap';
import { activeScopes, letterKeys } from '../shared/keys/useKeys';
import { IconButton } from '../shared/ui/Button';
import { Sheet } from '../shared/ui/Sheet';

/** The keys that work here, now. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const id = useId();
  const [scopes] = useState(activeScopes);
  const [letters, setLetters] = useState(letterKeys.on);
  return (
    <Sheet className="key-help" labelledBy={id} onClose={onClose}>
      <div className="lift-head"><h2 id={id} className="grow">{t('keys.title')}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="lift-right key-lists">
        <label className="check">
          <input
            type="checkbox" className="ds-input" checked={letters} data-first=""
            onChange={(event) => { letterKeys.set(event.target.checked); setLetters(event.target.checked); }}
          />
          <span>{t('keys.letters')}<small>{t('keys.lettersNote')}</small></span>
        </label>
        {scopes.filter((scope) => scope.bindings.length > 0).map((scope) => (
          <section key={scope.id}>
            <h3>{scope.title}</h3>
            <dl className="key-list">
              {scope.bindings.map((binding) => (
                <div key={binding.keys.join()}>
                  <dt>{binding.keys.map((name) => <span className="combo" key={name}>{drawn(name).map((key) => <kbd key={key}>{key}</kbd>)}</span>)}</dt>
                  <dd>{binding.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t('keys.goTo')}</h3>
          <p><kbd>G</kbd> {t('keys.goToText')}</p>
        </section>
      </div>
    </Sheet>
  );
}
