import type { Authority, DirectoryPerson } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { Trans } from 'react-i18next';
import type { HappeningItem } from '../../shared/matrix/items';
import { memberOf, type Room } from '../../shared/matrix/rooms';
import { StateChip } from '../../shared/ui/chips';
import { Icon, type IconName } from '../../shared/ui/Icon';

interface Props {
  item: HappeningItem;
  room: Room;
  directory: ReadonlyMap<string, DirectoryPerson>;
  authorities: Authority[];
}

function describe(item: HappeningItem): { key: string; icon: IconName } {
  const { event } = item;
  if (event.type === 'org.torg.plan') return { key: 'plan', icon: 'Handshake' };
  if (event.type === 'org.torg.plan.accept') return { key: 'planAccepted', icon: 'Handshake' };
  if (event.type === 'm.room.name') return { key: 'name', icon: 'Pencil' };
  if (event.content.membership === 'join') return { key: 'joined', icon: 'PersonPlus' };
  return { key: 'left', icon: 'PersonMinus' };
}

/** One line for something that happened in the room. */
export function Happening({ item, room, directory, authorities }: Props) {
  const { language, words } = useLanguage();
  const { event } = item;
  if (event.type === 'org.torg.record') {
    const record = event.content.record as { number?: string } | undefined;
    return (
      <li className="event">
        <Icon name="SealCheckmark" />
        <span><Trans i18nKey="happening.record" components={{ b: <b /> }} /></span>
        <StateChip state="registered"><span className="num">{record?.number}</span></StateChip>
      </li>
    );
  }
  const subject = event.type === 'm.room.member' ? (event.state_key ?? event.sender) : event.sender;
  const person = directory.get(subject);
  const name = person?.name ?? memberOf(room, subject).name;
  const code = authorities.find((one) => one.code === person?.authority);
  const { key, icon } = describe(item);
  if (item.also.length > 0) {
    const names = [subject, ...item.also].map((user) => directory.get(user)?.name ?? memberOf(room, user).name);
    const list = new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
    return <li className="event"><Icon name="PersonPlus" /><span><Trans i18nKey="happening.joined" components={{ b: <b /> }} values={{ name: list }} /></span></li>;
  }
  return (
    <li className="event">
      <Icon name={icon} />
      <span>
        <Trans
          i18nKey={code ? `happening.${key}From` : `happening.${key}`} components={{ b: <b /> }}
          values={{ name, authority: words(code?.name), value: String(event.content.name ?? '') }}
        />
      </span>
    </li>
  );
}
