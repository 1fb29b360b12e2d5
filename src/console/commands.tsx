import { useEffect, useRef, useState } from 'preact/hooks';

/** Something that a worker can be told to do. */
export interface Command {
  readonly label: string;
  /** What it does, as a question for a person. */
  readonly question: string;
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

interface CommandButtonProps {
  readonly command: Command;
  /** Why it cannot be told now; null when it can. */
  readonly barred: string | null;
  /** Called once the worker has taken it. */
  readonly onDone?: () => void;
}

/** A button that asks before it tells the worker, and says what the worker answers if it will not. */
export function CommandButton({ command, barred, onDone = () => {} }: CommandButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" disabled={barred !== null} title={barred ?? ''} onClick={() => setOpen(true)}>
        {command.label}
      </button>
      {isOpen && (
        <Confirmation
          command={command}
          onEnd={(isDone) => {
            setOpen(false);
            if (isDone) onDone();
          }}
        />
      )}
    </>
  );
}

function Confirmation({ command, onEnd }: { command: Command; onEnd: (isDone: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const tell = async () => {
    setBusy(true);
    const answer = await told(command);
    setBusy(false);
    if (answer === null) onEnd(true);
    else setRefusal(answer);
  };
  return (
    <dialog ref={dialog} onClose={() => onEnd(false)} aria-label={command.label}>
      <p>{command.question}</p>
      {refusal !== null && (
        <p class="trouble" role="alert">
          {refusal}
        </p>
      )}
      <div class="actions">
        <button type="button" onClick={() => onEnd(false)}>
          Cancel
        </button>
        <button type="button" class="main" disabled={isBusy} onClick={tell}>
          {command.label}
        </button>
      </div>
    </dialog>
  );
}

/** null when it is taken; else why not. */
async function told({ method, path, body }: Command): Promise<string | null> {
  try {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(path, { method, headers, ...sent });
    if (answer.ok) return null;
    const { message } = (await answer.json()) as { message?: string };
    return message ?? `the worker answered ${answer.status}`;
  } catch {
    return 'the worker does not answer';
  }
}
