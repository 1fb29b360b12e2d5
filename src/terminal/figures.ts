/** Numbers as people read them; `1,234,567`. */
export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** So many things: `1 row`, `1,234 rows`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Decimal units, three digits: `512 B`, `1.25 MB`. */
export function bytes(number: number): string {
  const power = number < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(number) / 3));
  const scaled = number / 1000 ** power;
  const digits = power === 0 ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  return `${scaled.toFixed(digits)} ${UNITS[power]}`;
}

/** `850 ms`, `8.4 s`, `3 min 20 s`, `2 h 05 min`, `3 d 04 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** Of the clock: `0:42`, `12:05`, `1:02:05`. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Never rounded up to the whole, nor down to nothing: `100%` is all, `0%` is none. */
export function percent(part: number, whole: number, digits: number): string {
  if (whole === 0) return '0%';
  const step = 10 ** -digits;
  const exact = (part / whole) * 100;
  const shown = part === 0 || part === whole ? exact : Math.min(100 - step, Math.max(step, exact));
  return `${shown.toFixed(part === 0 || part === whole ? 0 : digits)}%`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
