import { useEffect, useState } from 'react';
import { useMatrix } from '../matrix/react';

/** Whole seconds left until a moment, by the server's clock. */
export function useSecondsLeft(dueAt: number): number {
  const { http } = useMatrix();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const left = () => setSeconds(Math.max(0, Math.ceil((dueAt - http.now()) / 1000)));
    left();
    const timer = setInterval(left, 250);
    return () => clearInterval(timer);
  }, [http, dueAt]);
  return seconds;
}
