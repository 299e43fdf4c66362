import { useLanguage } from '../../shared/i18n/i18n';
import type { NoteLink } from '../../shared/matrix/items';
import { Icon } from '../../shared/ui/Icon';
import type { Actions } from './Message';

/** A post that a note was written from, when it is among what is loaded. */
export interface NoteSource { id: string; name: string; time: string }

interface Props {
  note: NoteLink;
  sources: NoteSource[];
  active: boolean;
  actions: Actions;
}

/** What makes a post an official note, and the way back to what it was written from. */
export function NoteHead({ note, sources, active, actions }: Props) {
  const { t } = useLanguage();
  const count = note.sources.length;
  return (
    <div className="note-head">
      <p className="row"><Icon name="FileText" /><b>{count > 0 ? t('note.of', { count, number: t(`number.${count}`, { defaultValue: String(count) }) }) : t('note.one')}</b></p>
      {sources.length > 0 && (
        <p className="small-text quiet row wrap">
          <span>{t('note.sources')}</span>
          {sources.map((source) => (
            <button key={source.id} type="button" className="ds-link" tabIndex={active ? 0 : -1} onClick={() => actions.goTo(source.id)}>
              {source.name} {source.time}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
