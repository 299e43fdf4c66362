import { useAuthorities } from '../api/me';
import { useNotices, useNoticeSeen } from '../api/notices';
import { useLanguage } from '../i18n/i18n';
import { giveFocus } from '../keys/focus';
import { useGlobalKeys } from '../keys/useKeys';
import { Button } from './Button';
import { Icon } from './Icon';
import { Link, paths } from './router';

/** What is due and late, told once a day; it goes when it has been read. No clock stops by it. */
export function NoticeBar() {
  const { t, words } = useLanguage();
  const authorities = useAuthorities();
  const notices = useNotices().data ?? [];
  const seen = useNoticeSeen();
  const putAway = () => {
    seen.mutate(notices.map((notice) => notice.id));
    giveFocus('#queue, #main [data-region-focus]'); // the button goes with what it put away
  };
  useGlobalKeys(t('notices.title'), notices.length > 0 ? [{ keys: ['M'], label: t('notices.seen'), run: putAway }] : [], '.main');
  if (notices.length === 0) return null;
  const name = (code: string) => words(authorities.find((one) => one.code === code)?.name) || code;
  return (
    <section className="notice-bar" aria-label={t('notices.title')} data-region="notices">
      <Icon name="ClockDashed" />
      <ul className="plain-list grow">
        {notices.map((notice) => <li key={notice.id} data-step={notice.step}><b>{name(notice.authority)}:</b> {notice.kind === 'requests' ? <Link href={paths.requests}>{words(notice.text)}</Link> : words(notice.text)}</li>)}
      </ul>
      <Button small variant="tertiary" color="neutral" keys={['M']} onClick={putAway}>{t('notices.seen')}</Button>
    </section>
  );
}
