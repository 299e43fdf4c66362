import { type FormEvent, useId, useState } from 'react';
import { changeLanguage, useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { ApiError } from '../../shared/matrix/types';
import { Brand } from '../../shared/ui/AuthorityMark';
import { Button } from '../../shared/ui/Button';
import { useFaultText } from '../../shared/ui/Fault';

/** Name and password, nothing more: no test, no profile to fill in. */
export function SignIn() {
  const { t, language } = useLanguage();
  const matrix = useMatrix();
  const faultText = useFaultText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const id = useId();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const user = String(form.get('user') ?? '').trim();
    const password = String(form.get('password') ?? '');
    if (!user || !password) return setProblem(t('signIn.missing'));
    setBusy(true);
    setProblem('');
    try {
      await matrix.login(user, password, form.get('keep') !== null);
    } catch (error) {
      setProblem(error instanceof ApiError && error.status === 403 ? t('signIn.wrong') : faultText(error));
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={(event) => void submit(event)} aria-labelledby={`${id}title`} noValidate>
        <p className="sign-in-brand"><Brand /><span>Torg</span></p>
        <h1 id={`${id}title`}>{t('signIn.title')}</h1>
        {problem && <div className="ds-alert" data-color="danger" role="alert" id={`${id}problem`}><p>{problem}</p></div>}
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}user`}>{t('signIn.user')}</label>
          <input
            className="ds-input" id={`${id}user`} name="user" autoComplete="username" autoCapitalize="none"
            spellCheck={false} autoFocus aria-describedby={problem ? `${id}problem` : undefined}
          />
        </div>
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}password`}>{t('signIn.password')}</label>
          <input
            className="ds-input" id={`${id}password`} name="password" type="password" autoComplete="current-password"
            aria-describedby={problem ? `${id}problem` : undefined}
          />
        </div>
        <label className="check">
          <input type="checkbox" className="ds-input" name="keep" />
          <span>{t('signIn.keep')}<small>{t('signIn.keepNote')}</small></span>
        </label>
        <Button type="submit" disabled={busy}>{busy ? t('signIn.busy') : t('signIn.submit')}</Button>
        <p className="row between small-text">
          <a href={language === 'sv' ? '/diarium?sprak=sv' : '/en/register'}>{t('signIn.public')}</a>
          <button
            type="button" className="ds-link" lang={language === 'sv' ? 'en' : 'sv'}
            onClick={() => void changeLanguage(language === 'sv' ? 'en' : 'sv')}
          >
            {language === 'sv' ? 'In English' : 'På svenska'}
          </button>
        </p>
      </form>
    </main>
  );
}
