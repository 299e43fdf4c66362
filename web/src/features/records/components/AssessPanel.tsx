import { useEffect, useId, useRef, useState } from 'react';
import { useItem } from '../../../shared/api/items';
import type { Assessment, Verdict } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { ApiError } from '../../../shared/matrix/types';
import { IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { KeyHint } from '../../../shared/ui/KeyHint';
import { useSay } from '../../../shared/ui/Status';
import { useAssess } from '../api/assess';
import { isAllowed } from '../choices';
import type { With } from '../useVerdicts';
import { needsSecond } from '../draft';
import { LinkForm } from './LinkForm';
import { SecondForm } from './SecondForm';

interface Props {
  roomId: string;
  eventId: string;
  authority: string | undefined;
  title: string;
  onLift: () => void;
  onClose: () => void;
}

export const verdictDigit: Record<Verdict, string> = { kept_ordered: '2', trivial: '3', working: '4', already_registered: '5' };

export function refusal(assessment: Assessment | undefined, verdict: Verdict): Assessment['refused'][number] | undefined {
  return assessment?.refused.find((one) => one.handling === verdict);
}

/** Whether the rules let a verdict be chosen. What is neither allowed nor refused is not offered. */
export function offered(assessment: Assessment | undefined, verdict: Verdict): boolean {
  return assessment !== undefined && isAllowed(verdict, assessment);
}

/** "Not to the register, because …": two honest headings, digits, and the reason where a choice is refused. */
export function AssessPanel({ roomId, eventId, authority, title, onLift, onClose }: Props) {
  const { t, words } = useLanguage();
  const assess = useAssess();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const [fault, setFault] = useState('');
  const [form, setForm] = useState<'link' | 'second' | null>(null);
  const items = useItem(roomId, eventId);
  const assessment = items.find((one) => one.authority === authority) ?? items[0];
  const suggested = assessment?.suggested as Verdict | null | undefined;

  const choose = async (handling: Verdict, more: With = {}) => {
    if (!assessment) return;
    const refused = refusal(assessment, handling);
    if (refused) return setFault(words(refused.why));
    if (handling === 'already_registered' && !more.record) return setForm('link');
    if (handling === 'trivial' && !more.second && needsSecond(assessment)) return setForm('second');
    setFault('');
    try {
      await assess(roomId, eventId, { authority: assessment.authority, handling, record: more.record, second_person: more.second });
      say(t('assess.done', { what: t(`verdict.${handling}`) }));
      onClose();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'ORG.TORG.NEEDS_SECOND_PERSON') return setForm('second');
      setFault(faultText(error));
    }
  };
  const leaveForm = () => {
    setForm(null);
    giveFocus('.because button');
  };
  const onKeyDown = useKeys(t('assess.title'), [
    { keys: ['1'], label: t('verdict.register'), run: onLift },
    ...(Object.keys(verdictDigit) as Verdict[]).map((verdict) => ({
      keys: [verdictDigit[verdict]], label: t(`verdict.${verdict}`), run: () => void choose(verdict),
    })),
    { keys: ['Escape'], label: t('close'), run: onClose, inText: true },
  ]);
  const ready = assessment !== undefined;
  useEffect(() => {
    const within = panel.current;
    (within?.querySelector<HTMLElement>('[data-active]') ?? within?.querySelector<HTMLElement>('.because button'))?.focus();
  }, [ready]);

  const choice = (verdict: Verdict) => {
    const refused = refusal(assessment, verdict);
    if (refused) {
      return (
        <p className="absent" key={verdict}>
          <KeyHint keys={[verdictDigit[verdict]]} />
          <span><span className="ds-sr-only">{t(`verdict.${verdict}`)}. </span>{words(refused.why)}</span>
        </p>
      );
    }
    if (!offered(assessment, verdict)) return null;
    return (
      <button type="button" key={verdict} data-active={suggested === verdict ? '' : undefined} onClick={() => void choose(verdict)}>
        <KeyHint keys={[verdictDigit[verdict]]} /><span>{t(`verdict.${verdict}`)}<small>{t(`verdict.${verdict}Note`)}</small></span>
      </button>
    );
  };

  return (
    <aside className="side" aria-label={t('assess.label')} data-region="side" ref={panel} onKeyDown={onKeyDown}>
      <div className="side-head"><h2>{title.slice(0, 60)}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="because" role="group" aria-labelledby={`${id}t`}>
        <h2 id={`${id}t`}>{t('assess.title')}</h2>
        <h3 id={`${id}1`}>{t('assess.record')}</h3>
        <div role="group" aria-labelledby={`${id}1`}>{(['kept_ordered', 'trivial', 'already_registered'] as const).map(choice)}</div>
        {form === 'link' && <LinkForm suggestions={[]} onCancel={leaveForm} onDone={(record) => void choose('already_registered', { record })} />}
        {form === 'second' && assessment && (
          <SecondForm authority={assessment.authority} onCancel={leaveForm} onDone={(second) => void choose('trivial', { second })} />
        )}
        <h3 id={`${id}2`}>{t('assess.notRecord')}</h3>
        <div role="group" aria-labelledby={`${id}2`}>{choice('working') ?? <p className="absent"><span>{t('assess.notOffered')}</span></p>}</div>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
        <footer>
          <span className="row">{t('assess.or')} <button type="button" className="ds-link inline" onClick={onLift}><KeyHint keys={['1']} /> {t('verdict.register')}</button></span>
          <span>{t('assess.logged')}</span>
        </footer>
      </div>
    </aside>
  );
}
