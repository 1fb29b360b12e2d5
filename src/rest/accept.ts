const JSON_RANGES = ['application/json', 'application/*', '*/*'];

/** Whether a request's `Accept` header lets an answer be JSON (RFC 9110, section 12.5.1). */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return JSON_RANGES.includes(type) && !isRefused;
  });
}
