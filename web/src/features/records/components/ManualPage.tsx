import { useState } from 'react';
import { useAuthorities } from '../../../shared/api/me';
import type { ManualKind } from '../../../shared/api/types';
import { formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { type Binding } from '../../../shared/keys/keymap';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { Button, IconButton } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Icon, type IconName } from '../../../shared/ui/Icon';
import { Link, navigate, paths } from '../../../shared/ui/router';
import { type Manual, useManual } from '../useManual';
import { type CardField, cardKeys, DraftCard } from './DraftCard';
import { DropZone } from './DropZone';
import { Duplicates } from './Duplicates';
import { EditLine, InlineText } from './EditLine';
import { ManualDone } from './ManualDone';
import { ManualStage } from './ManualStage';

const kinds: [ManualKind, IconName][] = [['paper', 'File'], ['counter', 'PersonChat'], ['phone', 'Phone'], ['mail', 'EnvelopeClosed']];

/** Register what did not happen in Torg: left the thing itself, right the desk's card, and the number at once. */
export function ManualPage() {
  const { t } = useLanguage();
  const manual = useManual();
  const active = manual.kind === 'file' ? 'mail' : manual.kind;
  return (
    <main className="main" id="main">
      <header className="topbar">
        <div>
          <p className="quiet small-text"><Link href={paths.desk}>{t('rail.register')}</Link></p>
          <h1 className="page-title">{t('manual.title')}</h1>
        </div>
        <span className="grow" />
        <div className="seg" role="group" aria-label={t('manual.how')}>
          {kinds.map(([kind, icon]) => (
            <button key={kind} type="button" aria-pressed={kind === active} onClick={() => manual.setKind(kind)}><Icon name={icon} />{t(`manual.${kind}`)}</button>
          ))}
        </div>
        <IconButton label={t('close')} icon="XMark" onClick={() => navigate(paths.desk)} />
      </header>
      <DropZone onFile={(file) => void manual.read(file)}>
        <div className="desk">
          <ManualStage manual={manual} />
          <section className="desk-right" aria-label={t('manual.card')} data-region="card">
            {manual.result ? <ManualDone result={manual.result} authority={manual.board} onAnother={manual.another} /> : <ManualCard manual={manual} />}
          </section>
        </div>
      </DropZone>
    </main>
  );
}

function ManualCard({ manual }: { manual: Manual }) {
  const { t, language, words } = useLanguage();
  const authorities = useAuthorities();
  const [editing, setEditing] = useState<CardField | null>(null);
  const [linking, setLinking] = useState(false);
  const { preview, kind, draft } = manual;
  const note = kind === 'phone';
  const settle = async (handling: 'kept_ordered' | 'trivial' | 'already_registered', record?: string) => {
    if (await manual.settle(handling, record)) navigate(paths.desk);
  };
  const close = () => {
    setEditing(null);
    setLinking(false);
    giveFocus('.desk-right .desk-scroll');
  };
  const digits: Binding[] = note ? [] : [
    { keys: ['1'], label: t('verdict.register'), run: () => void manual.register() },
    { keys: ['2'], label: t('verdict.kept_ordered'), run: () => void settle('kept_ordered') },
    { keys: ['3'], label: t('verdict.trivial'), run: () => void settle('trivial') },
    { keys: ['5'], label: t('verdict.already_registered'), run: () => setLinking(true) },
  ];
  useGlobalKeys(t('manual.card'), [
    { keys: ['Ctrl+Enter'], label: t('verdict.register'), run: () => void manual.register(), inText: true },
    ...digits,
    ...cardKeys(language, true).map(([field, letter]) => ({ keys: [letter], label: t('keys.change', { what: t(`cardField.${field}`) }), run: () => setEditing(field) })),
    { keys: ['Escape'], label: t('keys.back'), run: () => { if (editing || linking) close(); else navigate(paths.desk); } },
  ], '.main');
  const sources = preview?.sources ?? (note ? { direction: { sv: t('manual.noteWhy'), en: t('manual.noteWhy') } } : {});
  return (
    <>
      <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('manual.card')}>
        <div className="row wrap">
          {note && <ClockChip clock="calm">{t('manual.talkSince', { time: formatTime(manual.started, language) })}</ClockChip>}
          {manual.codes.length > 1 && (
            <span className="row wrap boards" role="group" aria-label={t('manual.authority')}>
              {manual.codes.map((code) => (
                <button key={code} type="button" className="pill" aria-pressed={manual.code === code} onClick={() => manual.setAuthority(code)}>
                  <AuthorityMark mark={authorities.find((one) => one.code === code)?.mark} />{code}
                </button>
              ))}
            </span>
          )}
        </div>
        <DraftCard
          manual draft={draft} shownCase={manual.shownCase} cases={preview?.cases ?? []} hints={preview?.secrecy_hints ?? []}
          sources={sources} authority={manual.code} editing={editing} onEditing={(field) => (field ? setEditing(field) : close())} onChange={manual.change}
        >
          {preview && preview.attachments.length > 0 && <EditLine label={t('field.attachments')} shown={t('manual.attachments', { count: manual.parts.size })} />}
        </DraftCard>
        {preview && words(preview.status_text) && <p className="hint"><Icon name="InformationSquare" /><span>{words(preview.status_text)}</span></p>}
        {preview && (
          <ul className="checks">
            {preview.checks.map((check) => <li key={check.id} data-ok={check.ok}><Icon name={check.ok ? 'Checkmark' : 'ExclamationmarkTriangle'} />{words(check.text)}</li>)}
          </ul>
        )}
        {preview && <Duplicates duplicates={preview.duplicates} files={preview.attachments} onSame={note ? undefined : (number) => void settle('already_registered', number)} />}
      </div>
      <div className="verdicts" role="group" aria-label={t('desk.assess')}>
        {manual.fault && <p className="problem small-text wide" role="alert">{manual.fault}</p>}
        {linking && (
          <div className="wide stack tight">
            <p>{t('desk.linkTitle')}</p>
            <InlineText label={t('assess.which')} value="" onDone={(number) => { close(); if (number?.trim()) void settle('already_registered', number.trim()); }} />
          </div>
        )}
        <Button icon="SealCheckmark" keys={note ? ['Ctrl', '↵'] : ['1']} disabled={manual.busy} onClick={() => void manual.register()}>{t('verdict.register')}</Button>
        {preview && !note && (
          <>
            <Button icon="Folder" variant="secondary" color="neutral" keys={['2']} onClick={() => void settle('kept_ordered')}>{t('verdict.kept_ordered')}</Button>
            <Button icon="MinusCircle" variant="secondary" color="neutral" keys={['3']} onClick={() => void settle('trivial')}>{t('verdict.trivial')}</Button>
            <Button icon="Files" variant="secondary" color="neutral" keys={['5']} onClick={() => setLinking(true)}>{t('verdict.already_registered')}</Button>
          </>
        )}
        <p className="small-text quiet wide">{note ? t('manual.notYet') : t('manual.at')}</p>
      </div>
    </>
  );
}
