import { useState } from 'preact/hooks';

/** A command for a terminal. Browsers let it be copied on https and on the machine itself alone. */
export function CopiedCommand({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span class="command">
      <code>{text}</code>
      {isSecureContext && (
        <button type="button" aria-label={`Copy ${text}`} onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </span>
  );
}
