import { HeadraceError, messageOf } from '../../errors.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';

/** One thing about the surroundings that was looked at. */
export interface Check {
  /** The worker's or feed's file; `environment` where no file says it. */
  readonly subject: string;
  /** The key of that file, or the broker's own, that is about it. */
  readonly key: string;
  readonly ok: boolean;
  /** What was found; of a failure also how to mend it. */
  readonly message: string;
  /** Of a failure: nothing is configured wrongly, something is only away. */
  readonly isOutage: boolean;
  /** Nothing is wrong, but `validate --probe`, which tells of no other success, is to tell it. */
  readonly isNote: boolean;
}

export type About = Pick<Check, 'subject' | 'key'>;

export function passed(about: About, message: string): Check {
  return { ...about, ok: true, message, isOutage: false, isNote: false };
}

export function noted(about: About, message: string): Check {
  return { ...passed(about, message), isNote: true };
}

export function failed(about: About, message: string): Check {
  return { ...about, ok: false, message, isOutage: false, isNote: false };
}

/** Runs a check; what it throws is the failure. */
export async function attempt(about: About, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof HeadraceError)) return failed(about, messageOf(error));
    return { ...failed(about, error.message), isOutage: exitCodeOf(error) !== EXIT.usage };
  }
}
