import { type FormEvent, type ReactNode, useId } from 'react';
import { useDirectory, useMe } from '../../shared/api/me';
import { dayOf } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { Button } from '../../shared/ui/Button';
import type { NewAssignment, NewDelegation, RoleTable } from './api';

interface Props<Wanted> { table: RoleTable; onGive: (wanted: Wanted) => Promise<boolean> }

/** Everybody who works for the organisation but oneself: nobody gives themself anything. */
function Colleague({ id }: { id: string }) {
  const { t } = useLanguage();
  const me = useMe();
  const people = [...useDirectory().values()].filter((one) => one.user_id !== me?.user_id).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <Field id={id} label={t('roles.person')}>
      <select className="ds-input" id={id} name="user" required>
        {people.map((one) => <option key={one.user_id} value={one.user_id}>{one.name}, {one.authority}</option>)}
      </select>
    </Field>
  );
}

function Field({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return <div className="ds-field"><label htmlFor={id}>{label}</label>{children}</div>;
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

/** Sends what a form says, and empties it when that was taken. */
function submitter(send: (form: FormData) => Promise<boolean>) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    void send(new FormData(form)).then((done) => { if (done) form.reset(); });
  };
}

export function GiveRole({ table, onGive }: Props<NewAssignment>) {
  const { t, words } = useLanguage();
  const id = useId();
  const submit = submitter((form) => {
    const to = text(form, 'to');
    return onGive({ user_id: text(form, 'user'), role: text(form, 'role'), unit: text(form, 'unit'), ...(to && { to }) });
  });
  return (
    <form className="panel choose" onSubmit={submit} aria-label={t('roles.give')}>
      <Colleague id={`${id}p`} />
      <Field id={`${id}r`} label={t('roles.role')}>
        <select className="ds-input" id={`${id}r`} name="role">
          {table.roles.map((one) => <option key={one.role} value={one.role}>{words(one.words)}</option>)}
        </select>
      </Field>
      <Field id={`${id}u`} label={t('roles.unit')}><input className="ds-input" id={`${id}u`} name="unit" /></Field>
      <Field id={`${id}t`} label={t('roles.lastDay')}><input className="ds-input" id={`${id}t`} name="to" type="date" /></Field>
      <Button type="submit" variant="secondary">{t('roles.give')}</Button>
    </form>
  );
}

export function NewDelegationForm({ table, onGive }: Props<NewDelegation>) {
  const { t, words } = useLanguage();
  const { http } = useMatrix();
  const id = useId();
  const today = dayOf(http.now());
  const submit = submitter((form) => {
    const [kind, name] = text(form, 'what').split(':');
    return onGive({
      user_id: text(form, 'user'), ...(kind === 'act' ? { act: name } : { role: name }),
      from: text(form, 'from'), to: text(form, 'to'), decision: text(form, 'decision'),
    });
  });
  return (
    <form className="panel choose" onSubmit={submit} aria-label={t('roles.delegate')}>
      <Colleague id={`${id}p`} />
      <Field id={`${id}w`} label={t('roles.mayDo')}>
        <select className="ds-input" id={`${id}w`} name="what">
          <optgroup label={t('roles.oneAct')}>
            {table.acts.filter((one) => one.may_be_delegated).map((one) => <option key={one.act} value={`act:${one.act}`}>{words(one.words)}</option>)}
          </optgroup>
          <optgroup label={t('roles.wholeRole')}>
            {table.roles.filter((one) => one.may_be_delegated).map((one) => <option key={one.role} value={`role:${one.role}`}>{words(one.words)}</option>)}
          </optgroup>
        </select>
      </Field>
      <Field id={`${id}f`} label={t('roles.firstDay')}><input className="ds-input" id={`${id}f`} name="from" type="date" required defaultValue={today} /></Field>
      <Field id={`${id}t`} label={t('roles.lastDay')}><input className="ds-input" id={`${id}t`} name="to" type="date" required min={today} /></Field>
      <Field id={`${id}d`} label={t('roles.decision')}><input className="ds-input" id={`${id}d`} name="decision" required maxLength={200} placeholder="KS 2026-11-03 § 14" /></Field>
      <Button type="submit" variant="secondary">{t('roles.delegate')}</Button>
    </form>
  );
}
