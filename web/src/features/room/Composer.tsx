import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Trans } from 'react-i18next';
import type { InformationClass } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import type { SharedFor } from '../../shared/matrix/items';
import { useMatrix } from '../../shared/matrix/react';
import { Button, IconButton } from '../../shared/ui/Button';
import { useFaultText } from '../../shared/ui/Fault';
import { Icon } from '../../shared/ui/Icon';
import { fileContent, messageContent, type Mode, personalNumber } from './compose';
import { SharedForAsk } from './SharedForAsk';

interface Props {
  roomId: string;
  informationClass: InformationClass | undefined;
  /** What is written here reaches other authorities. */
  shares: boolean;
  mode: Mode;
  onMode: (mode: Mode) => void;
  onLeave: () => void;
  thread?: { root: string; latest: string };
}

const drafts = new Map<string, string>();

/** Where one writes. What belongs in the room is said under the field, where the hand is. */
export function Composer({ roomId, informationClass, shares, mode, onMode, onLeave, thread }: Props) {
  const { t } = useLanguage();
  const matrix = useMatrix();
  const faultText = useFaultText();
  const draftKey = `${roomId} ${thread?.root ?? ''}`;
  const [text, setText] = useState(() => drafts.get(draftKey) ?? '');
  const [problem, setProblem] = useState('');
  const [where, setWhere] = useState(false);
  const [asking, setAsking] = useState<File[]>([]);
  const [forComments, setForComments] = useState(false);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const lastTyping = useRef(0);
  const id = useId();
  const suspect = personalNumber(text);

  useEffect(() => setText(drafts.get(draftKey) ?? ''), [draftKey]);
  useEffect(() => {
    if (mode.kind === 'edit') setText(mode.of.text);
    if (mode.kind !== 'write') field.current?.focus();
  }, [mode]);
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 240)}px`;
  }, [text]);

  const write = (value: string) => {
    setText(value);
    drafts.set(draftKey, value);
    if (Date.now() - lastTyping.current > 10_000 && value) {
      lastTyping.current = Date.now();
      void matrix.typing(roomId, true).catch(() => undefined); // a lost typing notice is nobody's loss
    }
  };
  const send = () => {
    const body = text.trim();
    if (!body) return;
    setProblem('');
    write('');
    lastTyping.current = 0;
    void matrix.typing(roomId, false).catch(() => undefined);
    onMode({ kind: 'write' });
    // A failure shows on the post itself, with a way to try again.
    matrix.send(roomId, 'm.room.message', messageContent(body, mode, thread, forComments ? 'comments' : null)).catch(() => undefined);
    setForComments(false);
  };
  const attach = async (file: File, sharedFor: SharedFor | null) => {
    setProblem('');
    try {
      const url = await matrix.upload(file);
      await matrix.send(roomId, 'm.room.message', fileContent(file, url, sharedFor));
    } catch (error) {
      setProblem(`${file.name}: ${faultText(error)}`);
    }
  };
  const pick = (files: File[]) => {
    if (shares) setAsking(files);
    else for (const file of files) void attach(file, null);
  };
  const answer = (sharedFor: SharedFor | null) => {
    if (sharedFor) for (const file of asking) void attach(file, sharedFor);
    setAsking([]);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && !text) {
      event.preventDefault();
      onLeave();
    } else if (event.key === 'Escape' && mode.kind !== 'write') {
      event.preventDefault();
      if (mode.kind === 'edit') write('');
      onMode({ kind: 'write' });
      onLeave();
    }
  };

  return (
    <form
      className="composer" aria-label={t(thread ? 'composer.thread' : 'composer.label')} data-region="composer"
      onSubmit={(event) => { event.preventDefault(); send(); }}
    >
      {mode.kind !== 'write' && (
        <p className="composer-mode row">
          <span className="grow">{mode.kind === 'reply' ? t('composer.replying', { text: mode.to.text.slice(0, 80) }) : t('composer.editing')}</span>
          <Button variant="tertiary" color="neutral" small keys={['Esc']} onClick={() => { if (mode.kind === 'edit') write(''); onMode({ kind: 'write' }); }}>
            {t('cancel')}
          </Button>
        </p>
      )}
      <label className="ds-sr-only" htmlFor={id}>{t('composer.write')}</label>
      <textarea
        ref={field} id={id} rows={1} value={text} placeholder={t('composer.write')} data-region-focus=""
        aria-describedby={`${id}rule`} onChange={(event) => write(event.target.value)} onKeyDown={onKeyDown}
      />
      {suspect && suspect !== dismissed && (
        <div className="composer-warn" role="alert">
          <span>{t('composer.personalNumber', { number: suspect })}</span>
          <Button variant="tertiary" small onClick={() => write(text.replace(suspect, ''))}>{t('composer.remove')}</Button>
          <Button variant="tertiary" small onClick={() => setDismissed(suspect)}>{t('composer.notOne')}</Button>
        </div>
      )}
      {asking.length > 0 && <SharedForAsk names={asking.map((file) => file.name)} onChoose={answer} onCancel={() => answer(null)} />}
      {problem && <p className="composer-warn" role="alert">{problem}</p>}
      <div className="composer-bar">
        <IconButton label={t('composer.attach')} icon="Paperclip" onClick={() => picker.current?.click()} />
        <input
          ref={picker} type="file" multiple hidden aria-label={t('composer.attach')}
          onChange={(event) => {
            const files = [...event.target.files ?? []];
            event.target.value = '';
            if (files.length > 0) pick(files);
          }}
        />
        {shares && mode.kind !== 'edit' && <button type="button" className="pill" aria-pressed={forComments} title={t('sharing.commentsNote')} onClick={() => setForComments(!forComments)}>{t('sharing.draft')}</button>}
        <span className="grow" />
        <Button type="submit" small icon="PaperplaneFill" keys={['↵']}>{t('composer.send')}</Button>
      </div>
      <div className="composer-rule" id={`${id}rule`}>
        <Icon name="PadlockLocked" />
        <span><Trans i18nKey={`composer.rule.${informationClass ?? 'internal'}`} components={{ b: <b /> }} /></span>
        <button type="button" className="ds-link" aria-expanded={where} onClick={() => setWhere(!where)}>{t('composer.where')}</button>
      </div>
      {where && <p className="composer-where">{t('composer.whereText')}</p>}
    </form>
  );
}
