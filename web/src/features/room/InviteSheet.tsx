import { useId, useMemo, useState } from 'react';
import { useAuthorities, useDirectory, useMe } from '../../shared/api/me';
import type { DirectoryPerson, Plan } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { useKeys } from '../../shared/keys/useKeys';
import { membersOf, type Room, roomName } from '../../shared/matrix/rooms';
import { Button, IconButton } from '../../shared/ui/Button';
import { ClassChip } from '../../shared/ui/chips';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { Icon } from '../../shared/ui/Icon';
import { Person } from '../../shared/ui/Person';
import { Sheet } from '../../shared/ui/Sheet';
import { useSay } from '../../shared/ui/Status';
import { useOpening, useOpenRoom, usePlanOperations } from './api';
import { NewAuthority } from './NewAuthority';

interface Props {
  room: Room;
  plan: Partial<Plan> | null;
  waitingFor: string[];
  onClose: () => void;
}

/** How the person's authority stands to the room's plan, and who is here. */
function useStanding({ room, plan, waitingFor }: Omit<Props, 'onClose'>, person: DirectoryPerson | undefined) {
  const here = useMemo(() => membersOf(room).map((one) => one.userId), [room]);
  const code = person?.authority ?? '';
  const party = (plan?.parties ?? []).includes(code);
  return {
    code, party, here,
    waits: party && waitingFor.includes(code),
  };
}

/** Invite somebody: who, what her authority would see, and what it looks like for her, before anything is done. */
export function InviteSheet({ room, plan, waitingFor, onClose }: Props) {
  const { t, words } = useLanguage();
  const me = useMe();
  const authorities = useAuthorities();
  const directory = useDirectory();
  const operations = usePlanOperations(room.id);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [understood, setUnderstood] = useState(false);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const folded = query.trim().toLocaleLowerCase();
  const found = folded === '' ? [] : [...directory.values()]
    .filter((one) => one.user_id !== me?.user_id && `${one.name} ${one.user_id}`.toLocaleLowerCase().includes(folded)).slice(0, 6);
  const person = found[Math.min(at, found.length - 1)];
  const standing = useStanding({ room, plan, waitingFor }, person);
  // The first from an authority brings it in: what she sees becomes sent and received (R9).
  const openingOf = useOpening(room.id, standing.code, person !== undefined);
  const opening = openingOf.data;
  const openRoom = useOpenRoom(room.id);
  const discloses = opening !== undefined && !opening.takes_part && !opening.from_now_on.possible;
  const nameOf = (code: string | undefined) => words(authorities.find((one) => one.code === code)?.name) || code || '';
  const authority = nameOf(standing.code);
  const isHere = person !== undefined && standing.here.includes(person.user_id);
  const may = person !== undefined && opening !== undefined && !isHere && !standing.waits && !busy;

  const send = async () => {
    if (!may || !person) return;
    if (discloses && !understood) return setFault(t('inviting.understoodMissing'));
    setBusy(true);
    setFault('');
    try {
      if (plan && !standing.party) {
        await operations.propose({ ...plan, parties: [...(plan.parties ?? []), standing.code] });
        say(t('inviting.proposed'));
      } else {
        await openRoom(person.user_id, discloses ? 'with_history' : 'from_now_on');
        say(t('inviting.invited', { name: person.name }));
      }
      onClose();
    } catch (error) {
      setFault(faultText(error));
      setBusy(false);
    }
  };
  const onKeyDown = useKeys(t('inviting.title'), [{ keys: ['Ctrl+Enter'], label: t('keys.invite'), run: () => void send(), inText: true }]);
  const proposes = plan !== null && person !== undefined && !standing.party;
  return (
    <Sheet className="lift invite" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="lift-head"><h2 id={id} className="grow">{t('inviting.title')}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="lift-grid">
        <section className="lift-right" aria-label={t('inviting.search')}>
          <div className="ds-field">
            <label className="ds-label" htmlFor={`${id}q`}>{t('inviting.search')}</label>
            <input
              className="ds-input" id={`${id}q`} data-first="" role="combobox" autoComplete="off" aria-expanded={found.length > 0} aria-controls={`${id}l`}
              aria-activedescendant={person && `${id}${person.user_id}`} value={query}
              onChange={(event) => { setQuery(event.target.value); setAt(0); setUnderstood(false); setFault(''); }}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
                event.preventDefault();
                setAt(Math.max(0, Math.min(found.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))));
                setUnderstood(false);
              }}
            />
          </div>
          <div className="stack tight" role="listbox" id={`${id}l`} aria-label={t('inviting.people')}>
            {found.map((one, index) => (
              <div
                key={one.user_id} id={`${id}${one.user_id}`} role="option" aria-selected={one === person} className="row hit"
                onClick={() => { setAt(index); setUnderstood(false); }}
              >
                <Person name={one.name} mark={authorities.find((known) => known.code === one.authority)?.mark} tiny />
                <span>{one.name}<small>{[one.unit, nameOf(one.authority)].filter(Boolean).join(', ')}</small></span>
              </div>
            ))}
          </div>
          {folded !== '' && found.length === 0 && <p className="quiet" role="status">{t('inviting.nobody')}</p>}
          {person && (
            <ul className="checks">
              {isHere && <li data-ok={false}><Icon name="ExclamationmarkTriangle" />{`${person.name} ${t('inviting.already')}`}</li>}
              {standing.party && !standing.waits && <li data-ok><Icon name="Checkmark" />{t('inviting.party', { name: authority })}</li>}
              {standing.waits && <li data-ok={false}><Icon name="ExclamationmarkTriangle" />{t('inviting.waiting', { name: authority })}</li>}
              <li data-ok><Icon name="Checkmark" />{t('inviting.own')}</li>
            </ul>
          )}
          {person && openingOf.isError && <Fault error={openingOf.error} onRetry={() => void openingOf.refetch()} />}
          {person && openingOf.isPending && <p className="quiet small-text" role="status">{t('inviting.counting')}</p>}
          {person && opening && !opening.takes_part && (
            <NewAuthority
              roomId={room.id} name={authority || t('inviting.outsider')} opening={opening} directory={directory}
              understood={understood} onUnderstood={(value) => { setUnderstood(value); setFault(''); }}
            />
          )}
          {fault && <p className="problem small-text" role="alert">{fault}</p>}
        </section>
        {person && (
          <section className="lift-left stack" aria-label={t('inviting.sees', { name: person.name })}>
            <h3>{t('inviting.sees', { name: person.name })}</h3>
            <div className="webnow">
              <p className="row"><Person name={me?.name ?? ''} tiny /><span>{t('inviting.invites', { name: me?.name ?? '' })}</span></p>
              <p><b>{roomName(room)}</b></p>
              <p>{plan?.purpose}</p>
              {plan?.host && <p>{t('inviting.hostLine', { name: nameOf(plan.host) })}</p>}
              <p>{t(discloses ? 'inviting.seesAll' : 'inviting.seesNow')}</p>
              {plan?.class && <p><ClassChip informationClass={plan.class} /></p>}
              <p className="row quiet small-text">{t('invite.join')} · {t('invite.decline')}</p>
            </div>
          </section>
        )}
      </div>
      <div className="lift-foot">
        <p>{proposes && t('inviting.planChanges', { name: authority })}</p>
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button icon="PersonPlus" keys={['Ctrl', '↵']} disabled={!may} onClick={() => void send()}>
          {proposes ? t('inviting.propose', { name: authority }) : person ? t('inviting.invite', { name: person.name.split(' ')[0] }) : t('inviting.open')}
        </Button>
      </div>
    </Sheet>
  );
}
