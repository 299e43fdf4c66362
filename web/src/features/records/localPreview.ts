import type { Authority, DirectoryPerson, Draft, LiftPreview } from '../../shared/api/types';
import { dayOf } from '../../shared/format/dates';
import { noteTitle } from '../../shared/format/noteTitle';
import type { MessageItem } from '../../shared/matrix/items';

interface Known {
  items: MessageItem[];
  /** The authority whose register it is. */
  authority: Authority | undefined;
  directory: ReadonlyMap<string, DirectoryPerson>;
  authorities: Authority[];
}

/**
 * What the client itself knows of a lift when no server can be asked. Only the title is a suggestion that counts: the rest is
 * filled in when the network is back, so nothing of it is shown as certain.
 */
export function localPreview({ items, authority, directory, authorities }: Known): LiftPreview {
  const first = items[0];
  const note = items.findLast((item) => item.note !== null);
  const title = note?.note?.title || noteTitle('', first?.text ?? '').trim() || first?.attachment?.name || '';
  const place = authorities.find((one) => one.code === directory.get((note ?? first)?.sender ?? '')?.authority);
  const own = place !== undefined && place.code === authority?.code;
  const draft: Draft = {
    title, internal_title: title, direction: own ? 'internal' : 'in', sender: place?.name.sv ?? '', recipient: own ? '' : (authority?.name.sv ?? ''),
    private_person: place === undefined, came_or_made_day: dayOf((note ?? first)?.at ?? 0), classification: '', record_type: '', case: null, secrecy: null,
  };
  return {
    draft, case: null, cases: [], next_number: '', status_text: { sv: '', en: '' }, personal_numbers: 0, secrecy_hints: [], duplicates: [], checks: [], sources: {},
    items: items.map((item) => ({
      event_id: item.id, text: item.text, sender: item.sender, at: item.at, included: true, note: item.note !== null,
      attachments: item.attachment ? [{ name: item.attachment.name, size: item.attachment.size, type: item.attachment.type }] : [],
    })),
  };
}
