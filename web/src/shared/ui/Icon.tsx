import * as icons from './icons';

type Name<T> = T extends `${infer N}Icon` ? N : never;
export type IconName = Name<keyof typeof icons>;

/** One decorative icon: the words beside it, or the button's name, say what it means. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  const Drawn = icons[`${name}Icon`];
  return <Drawn className={`ic ${className}`} aria-hidden="true" focusable="false" title={undefined} />;
}
