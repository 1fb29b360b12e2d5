/** `1,234,567` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function micros(value: number): string {
  return value.toFixed(2);
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}

/** Of 1,000,000 bytes. */
export function megabytes(bytes: number | null): string {
  return bytes === null ? '–' : (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
