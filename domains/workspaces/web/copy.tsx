import { Trans, useLingui } from '@lingui/react/macro'
import { Check, Copy } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { announce } from '../../../web/ui/announce.tsx'
import { Button } from '../../../web/ui/button.tsx'

/** A button that puts a text onto the clipboard and says so. */
export function Copied({ text, label, size = 'small' }: { text: string; label?: string; size?: 'small' | 'normal' }) {
  const { t } = useLingui()
  const [done, setDone] = useState(false)
  const copy = async () => {
    // Without https browsers offer no clipboard: then the text is there to be marked.
    if (!(await write(text))) return announce(t`Your browser does not let Rapport copy. Mark the text and copy it.`)
    setDone(true)
    announce(t`Copied`)
    setTimeout(() => setDone(false), 2000)
  }
  return (
    <Button size={size} icon={done ? Check : Copy} onClick={() => void copy()}>
      {done ? <Trans>Copied</Trans> : (label ?? <Trans>Copy</Trans>)}
    </Button>
  )
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return writeByHand(text)
  }
}

function writeByHand(text: string): boolean {
  const box = document.createElement('textarea')
  box.value = text
  box.setAttribute('readonly', '')
  box.className = 'sr-only'
  document.body.append(box)
  box.select()
  const done = document.execCommand('copy')
  box.remove()
  return done
}

/** Something for a machine, to be copied whole. */
export function CopyBlock({ label, text, hint }: { label: string; text: string; hint?: ReactNode }) {
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="flex min-h-7 items-center justify-between gap-2 font-medium">
        {label}
        <Copied text={text} />
      </figcaption>
      <pre
        tabIndex={0}
        aria-label={label}
        className="overflow-x-auto rounded-control border border-line bg-sunken px-3 py-2 font-mono text-small break-all whitespace-pre-wrap"
      >
        {text}
      </pre>
      {hint && <p className="text-small text-muted">{hint}</p>}
    </figure>
  )
}

/** A secret that nobody can read again. */
export function ShownOnce({ label, value }: { label: string; value: string }) {
  return (
    <CopyBlock
      label={label}
      text={value}
      hint={<Trans>Shown this once. Keep it where you keep passwords; it can be renewed, not read again.</Trans>}
    />
  )
}
