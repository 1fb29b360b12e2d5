import { useEffect, useState } from 'preact/hooks';

/** What the worker answers at a path; asked again when `version` changes, and the former one stays meanwhile. */
export function useAnswer<T>(path: string, version: unknown = null): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    const end = new AbortController();
    fetch(path, { signal: end.signal, headers: { accept: 'application/json' } })
      .then(async (response) => (response.ok ? ((await response.json()) as T) : null))
      .then((body) => body !== null && setAnswer(body))
      // The page says that the worker does not answer, and asks again when it does.
      .catch(() => {});
    return () => end.abort();
  }, [path, version]);
  return answer;
}

/** A value once it has been the same for so long. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
