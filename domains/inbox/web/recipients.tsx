// Whom an answer goes to, where it may go to several: chips that are added by typing and taken away by key or pointer.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import type { Addressee, Addressees } from '../contract.ts'
import { addressesIn, withAddressees } from './addresses.ts'

/** So many are named on the one line; more than so many make one of it everywhere. */
const SHOWN = 2
const MANY = 4

type RecipientsProps = {
  value: Addressees
  onChange: (value: Addressees) => void
  /** Null: the channel has none. */
  subject: string | null
  onSubject: (subject: string) => void
  /** Stands open from the start: there is nobody to answer yet. */
  fresh?: boolean
  /** Told when words stand there that are no address, so that nothing leaves without whom they mean. */
  onUnread: (unread: boolean) => void
}

/** To, copy and blind copy, and the subject. Copies come when they are asked for. */
export function Recipients({ value, onChange, subject, onSubject, fresh = false, onUnread }: RecipientsProps) {
  const { t } = useLingui()
  const [asked, setAsked] = useState<{ cc: boolean; bcc: boolean }>({ cc: false, bcc: false })
  const [named, setNamed] = useState(fresh)
  const [folded, setFolded] = useState(!fresh && value.to.length > 0)
  const id = useId()
  const showsCc = asked.cc || value.cc.length > 0
  const showsBcc = asked.bcc || value.bcc.length > 0
  const unread = useRef(new Set<string>())
  const mark = (line: string) => (wrong: boolean) => {
    if (wrong) unread.current.add(line)
    else unread.current.delete(line)
    onUnread(unread.current.size > 0)
  }
  const set = (patch: Partial<Addressees>) => onChange({ ...value, ...patch })
  const all = [...value.to, ...value.cc, ...value.bcc]
  // Where there is room, a few stand open; on a phone the thread needs it.
  const many = all.length > MANY
  const rest = all.length - SHOWN
  const panel = useId()
  return (
    <>
      <button
        type="button"
        aria-expanded={!folded}
        aria-controls={panel}
        onClick={() => setFolded(!folded)}
        className={cx(
          'flex min-h-8 items-center gap-2 border-line px-3 text-start text-small text-muted hover:text-text pointer-coarse:min-h-control',
          folded && 'border-b',
          (fresh || !many) && 'tablet:hidden',
          fresh && 'hidden',
        )}
      >
        {folded ? (
          <>
            <span className="shrink-0">
              <Trans>To</Trans>
            </span>
            <bdi className="min-w-0 truncate text-text">
              {all
                .slice(0, SHOWN)
                .map(({ name, address }) => name ?? address)
                .join(', ')}
            </bdi>
            {rest > 0 && <span className="shrink-0">{`+${rest}`}</span>}
          </>
        ) : (
          <Plural value={all.length} one="# recipient" other="# recipients" />
        )}
        <Icon of={folded ? ChevronDown : ChevronUp} className="ms-auto size-3.5 shrink-0" />
      </button>
      <div
        id={panel}
        className={cx(
          'flex flex-col border-b border-line px-3 pb-1',
          folded && (many ? 'hidden' : 'max-tablet:hidden'),
        )}
      >
        <div className="flex items-start gap-1">
          <Line
            label={t`To`}
            list={value.to}
            onChange={(to) => set({ to })}
            onUnread={mark('to')}
            focus={fresh && value.to.length === 0}
          />
          {!showsCc && <Ask label={t`Cc`} onClick={() => setAsked({ ...asked, cc: true })} />}
          {!showsBcc && <Ask label={t`Bcc`} onClick={() => setAsked({ ...asked, bcc: true })} />}
          {!named && <Ask label={t`Subject`} onClick={() => setNamed(true)} />}
        </div>
        {showsCc && (
          <Line label={t`Cc`} list={value.cc} onChange={(cc) => set({ cc })} onUnread={mark('cc')} focus={asked.cc} />
        )}
        {showsBcc && (
          <Line
            label={t`Bcc`}
            list={value.bcc}
            onChange={(bcc) => set({ bcc })}
            onUnread={mark('bcc')}
            focus={asked.bcc}
          />
        )}
        {named && (
          <div className="flex min-h-8 items-center gap-2">
            <label htmlFor={id} className="w-16 shrink-0 text-small text-muted">
              <Trans>Subject</Trans>
            </label>
            <input
              id={id}
              dir="auto"
              maxLength={500}
              value={subject ?? ''}
              onChange={(event) => onSubject(event.target.value)}
              className="h-7 min-w-0 flex-1 bg-transparent outline-none pointer-coarse:text-large"
            />
          </div>
        )}
      </div>
    </>
  )
}

function Ask({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="h-8 shrink-0 rounded-control px-1.5 text-small text-muted hover:bg-hover hover:text-text"
    >
      {label}
    </button>
  )
}

type LineProps = {
  label: string
  list: readonly Addressee[]
  onChange: (list: Addressee[]) => void
  onUnread: (unread: boolean) => void
  focus?: boolean
}

function Line({ label, list, onChange, onUnread, focus = false }: LineProps) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  // Nobody is corrected in the middle of a word.
  const [left, setLeft] = useState(false)
  const id = useId()
  const type = (text: string) => {
    setTyped(text)
    onUnread(text.trim() !== '' && addressesIn(text).rest !== '')
  }
  const take = (text: string) => {
    const { addressees, rest } = addressesIn(text)
    if (addressees.length > 0) onChange(withAddressees(list, addressees))
    type(rest)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const plain = !event.metaKey && !event.ctrlKey && !event.altKey
    if (plain && (event.key === 'Enter' || event.key === ',' || event.key === ';') && typed.trim() !== '') {
      event.preventDefault()
      take(typed)
    } else if (event.key === 'Enter' && !plain && typed.trim() !== '') {
      // Sending from here would leave out who was just written down: the first press takes them in, the next one sends.
      event.preventDefault()
      event.stopPropagation()
      take(typed)
    } else if (event.key === 'Backspace' && typed === '' && list.length > 0) onChange(list.slice(0, -1))
  }
  const wrong = typed.trim() !== '' && addressesIn(typed).rest !== ''
  return (
    <div className="flex min-h-8 min-w-0 flex-1 items-start gap-2">
      <label htmlFor={id} className="w-16 shrink-0 pt-2 text-small text-muted">
        {label}
      </label>
      <div className="flex max-h-24 min-w-0 flex-1 flex-wrap items-center gap-1 overflow-y-auto py-1">
        {list.map((one) => (
          <span
            key={one.address}
            title={one.address}
            className="flex h-6 max-w-full items-center rounded-mark bg-tint ps-2 text-small"
          >
            <bdi className="truncate">{one.name ?? one.address}</bdi>
            <button
              type="button"
              aria-label={t`Remove ${one.name ?? one.address}`}
              onClick={() => onChange(list.filter(({ address }) => address !== one.address))}
              className="flex size-6 shrink-0 items-center justify-center rounded-mark text-muted ring-inside hover:text-text"
            >
              <Icon of={X} className="size-3.5" />
            </button>
          </span>
        ))}
        <input
          id={id}
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- it came because somebody asked for it
          autoFocus={focus}
          value={typed}
          aria-invalid={wrong || undefined}
          aria-describedby={left && wrong ? `${id}-wrong` : undefined}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onFocus={() => setLeft(false)}
          onBlur={() => {
            if (typed.trim() !== '') take(typed)
            setLeft(wrong)
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text')
            if (!/[@]/.test(pasted)) return
            event.preventDefault()
            take(`${typed}${pasted}`)
          }}
          className={cx(
            'h-6 flex-1 bg-transparent outline-none pointer-coarse:text-large',
            // Beside those who are named already a little room will do: a line of its own would stand empty.
            list.length > 0 && typed === '' ? 'min-w-6' : 'min-w-24',
            wrong && 'text-waiting',
          )}
        />
        {left && wrong && (
          <p id={`${id}-wrong`} role="status" className="basis-full text-small text-waiting">
            <Trans>This is no e-mail address. Correct it or take it out.</Trans>
          </p>
        )}
      </div>
    </div>
  )
}
