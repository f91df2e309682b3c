/** @jsxImportSource preact */
import type { TargetedSubmitEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Contact } from './session.ts'
import { english } from './form-words.ts'
import type { Language } from './words.ts'
import { addStyle } from './style.ts'
import css from './contact-form.css?inline'

addStyle(css)

interface Props {
  readonly language: Language
  /** Answers go there too. */
  readonly mail: boolean
  readonly required: boolean
  readonly action: string
  readonly skip?: string | null
  /** It stands where the composer would: what is typed goes here. */
  readonly first?: boolean
  /** Null for skipped. */
  readonly onDone: (contact: Contact | null) => Promise<unknown> | unknown
}

export function ContactForm({ language, mail, required, action, skip, first, onDone }: Props) {
  const words = { ...english, ...language.words }
  const [busy, setBusy] = useState(false)
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (first) name.current?.focus()
  }, [first])
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const field = (name: string): string => String(data.get(name) ?? '').trim()
    const [named, email] = [field('name'), field('email')]
    if (!named && !email) return void (skip && onDone(null))
    setBusy(true)
    try {
      await onDone({ ...(named && { name: named }), ...(email && { email }) })
    } catch {
      // The session shows what went wrong; what was typed stays.
    }
    setBusy(false)
  }
  return (
    <form class="contact" onSubmit={submit} aria-label={words.who}>
      <p>
        <b>{words.who}</b> <span class="why">{mail ? words.alsoMail : words.whoWhy}</span>
      </p>
      <label>
        {words.name}
        <input ref={name} name="name" autocomplete="name" maxLength={80} required={required} />
      </label>
      <label>
        {words.email}
        <input name="email" type="email" autocomplete="email" maxLength={254} required={required} dir="ltr" />
      </label>
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {action}
        </button>
        {skip && (
          <button type="button" class="link" onClick={() => onDone(null)}>
            {skip}
          </button>
        )}
      </div>
    </form>
  )
}
