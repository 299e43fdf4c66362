import { formatCount, formatDate } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { StateChip } from '../../shared/ui/chips';
import { Icon } from '../../shared/ui/Icon';
import type { DisposalPreview, SampleLine } from './api';

const steps = ['choose', 'review', 'two', 'proof'] as const;
export type Step = (typeof steps)[number];

/** Where a disposal stands: selection, review, two persons, proof. */
export function Steps({ at }: { at: Step }) {
  const { t } = useLanguage();
  return (
    <ol className="steps" aria-label={t('disposal.steps')}>
      {steps.map((step, index) => {
        const past = index < steps.indexOf(at);
        return (
          <li key={step} className={past ? 'past' : ''} aria-current={step === at ? 'step' : undefined}>
            <i>{past ? <Icon name="Checkmark" /> : index + 1}</i>{t(`disposal.${step}`)}
          </li>
        );
      })}
    </ol>
  );
}

type Shown = { count: number } & Partial<Omit<DisposalPreview, 'count'>>;

export function Figures({ shown, whole = true }: { shown: Shown; whole?: boolean }) {
  const { t, language } = useLanguage();
  const stopped = (shown.stopped ?? []).reduce((sum, one) => sum + one.count, 0);
  return (
    <dl className="figures two">
      <div><dt>{t('disposal.count')}</dt><dd>{formatCount(shown.count, language)}{whole && <small>{t('disposal.countNote', { count: shown.rooms?.length ?? 0 })}</small>}</dd></div>
      {whole && <div><dt>{t('disposal.stopped')}</dt><dd>{formatCount(stopped, language)}<small>{t('disposal.stoppedNote')}</small></dd></div>}
    </dl>
  );
}

export function Stopped({ shown }: { shown: Shown }) {
  const { t, words } = useLanguage();
  const stopped = shown.stopped ?? [];
  if (stopped.length === 0) return null;
  const count = stopped.reduce((sum, one) => sum + one.count, 0);
  return (
    <section className="panel">
      <header><h2>{t('disposal.stoppedTitle', { count })}</h2></header>
      <div className="panel-body">
        <ul className="stops">
          {stopped.map((one) => (
            <li key={words(one.why)}><Icon name="PadlockLocked" /><span>{words(one.why)}<small>{t('disposal.posts', { count: one.count })}</small></span></li>
          ))}
        </ul>
      </div>
    </section>
  );
}

export function Sample({ sample, handling, children }: { sample: SampleLine[]; handling: 'kept_ordered' | 'trivial'; children?: React.ReactNode }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  return (
    <section className="panel">
      <header><h2>{t('disposal.sample')}</h2>{children}</header>
      <div className="panel-body">
        <table className="tbl">
          <caption className="ds-sr-only">{t('disposal.sampleCaption')}</caption>
          <thead><tr><th scope="col">{t('disposal.when')}</th><th scope="col">{t('disposal.room')}</th><th scope="col">{t('disposal.content')}</th><th scope="col">{t('disposal.state')}</th></tr></thead>
          <tbody>
            {sample.map((line) => (
              <tr key={line.event_id}>
                <td className="num">{formatDate(line.at, language, http.now())}</td><td>{line.room_name}</td><td>”{line.text}”</td>
                <td><StateChip state={handling === 'trivial' ? 'trivial' : 'kept'} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
