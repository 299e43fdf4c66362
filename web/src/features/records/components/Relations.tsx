import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Relation } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { Button, IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Link, paths } from '../../../shared/ui/router';
import { useSay } from '../../../shared/ui/Status';
import { type Related, useRelationOperations } from '../api/caseChanges';
import '../../../styles/register.css';

interface Props {
  of: Related;
  id: string | number;
  relations: Relation[];
  may: boolean;
  adding: boolean;
  onAdding: (on: boolean) => void;
}

const kinds: Record<Related, Relation['kind'][]> = { cases: ['see', 'replaces'], records: ['answers', 'see', 'replaces', 'version_of'] };

/** What belongs together, seen from one of its ends. That a relation stood stays in the history when it is ended. */
export function Relations({ of, id, relations, may, adding, onAdding }: Props) {
  const { t } = useLanguage();
  const operations = useRelationOperations(of, id);
  const say = useSay();
  const faultText = useFaultText();
  const Heading = of === 'cases' ? 'h2' : 'h3';
  const [ended, setEnded] = useState<Relation | null>(null);
  const [fault, setFault] = useState('');
  const attempt = async (act: () => Promise<void>) => {
    setFault('');
    try {
      await act();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const end = (one: Relation) => void attempt(async () => {
    await operations.end(one);
    setEnded(one);
    say(t('relation.ended', { number: one.other.number }));
    giveFocus('.relation-back');
  });
  const again = (one: Relation) => void attempt(async () => {
    await operations.again(one);
    setEnded(null);
    giveFocus('.relation-add');
  });
  return (
    <section className={`relations stack tight ${of === 'cases' ? 'panel panel-body' : ''}`} aria-label={t('relation.title')}>
      <div className="row between">
        <Heading className="card-title">{t('relation.title')}</Heading>
        {may && !adding && <Button className="relation-add" small variant="tertiary" icon="Link" keys={['R']} onClick={() => onAdding(true)}>{t('relation.add')}</Button>}
      </div>
      {relations.length === 0 && !adding && <p className="quiet small-text">{t('relation.none')}</p>}
      <ul className="plain-list">
        {relations.map((one) => (
          <li className="row" key={one.id}>
            <Icon name="Link" />
            <span className="grow">
              <span className="quiet small-text">{t(`relation.${one.kind}${one.reverse && one.kind !== 'see' ? '_reverse' : ''}`)}</span>{' '}
              {of === 'cases' ? <Link href={paths.case(one.other.id)} className="num">{one.other.number}</Link> : <b className="num">{one.other.number}</b>}
              <small>{one.other.title || t('relation.notYours')}</small>
            </span>
            {may && <IconButton label={t('relation.end', { number: one.other.number })} icon="XMark" onClick={() => end(one)} />}
          </li>
        ))}
      </ul>
      {adding && may && <RelationForm of={of} id={id} onDone={() => { onAdding(false); giveFocus('.relation-add'); }} />}
      {ended && <p className="row small-text"><span className="grow">{t('relation.ended', { number: ended.other.number })}</span><Button className="relation-back" small variant="secondary" onClick={() => again(ended)}>{t('undo')}</Button></p>}
      {fault && <p className="problem small-text" role="alert">{fault}</p>}
    </section>
  );
}

function RelationForm({ of, id, onDone }: { of: Related; id: string | number; onDone: () => void }) {
  const { t } = useLanguage();
  const operations = useRelationOperations(of, id);
  const say = useSay();
  const faultText = useFaultText();
  const name = useId();
  const number = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState('');
  useEffect(() => number.current?.focus(), []);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const other = String(form.get('number') ?? '').trim();
    if (!other) return setFault(t('relation.numberMissing'));
    try {
      await operations.relate(String(form.get('kind')) as Relation['kind'], other, String(form.get('reason') ?? '').trim());
      say(t('relation.saved', { number: other }));
      onDone();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <form
      className="stack tight" aria-label={t('relation.add')} onSubmit={(event) => void save(event)} noValidate
      onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); onDone(); } }}
    >
      <label htmlFor={`${name}n`}>{t(of === 'cases' ? 'relation.numberCase' : 'relation.numberRecord')}</label>
      <input className="ds-input num" id={`${name}n`} ref={number} name="number" placeholder={of === 'cases' ? 'KS 2026/00123' : 'KS 2026/00123-3'} aria-invalid={fault !== ''} aria-describedby={`${name}p`} />
      <label htmlFor={`${name}k`}>{t('relation.how')}</label>
      <select className="ds-input" id={`${name}k`} name="kind">{kinds[of].map((kind) => <option key={kind} value={kind}>{t(`relation.long_${kind}`)}</option>)}</select>
      <label htmlFor={`${name}r`}>{t('caseField.reasonMaybe')}</label>
      <input className="ds-input" id={`${name}r`} name="reason" />
      <p className="problem small-text" id={`${name}p`} role="alert">{fault}</p>
      <span className="row">
        <Button small type="submit" variant="secondary" keys={['↵']}>{t('relation.save')}</Button>
        <Button small variant="tertiary" color="neutral" keys={['Esc']} onClick={onDone}>{t('cancel')}</Button>
      </span>
    </form>
  );
}
