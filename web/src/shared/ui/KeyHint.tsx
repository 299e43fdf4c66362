/** Keys shown where the hand is; they are hidden on touch, and a screen reader gets them from `?`. */
export function KeyHint({ keys }: { keys: string[] }) {
  return <span className="keys" aria-hidden="true">{keys.map((key) => <kbd key={key}>{key}</kbd>)}</span>;
}
