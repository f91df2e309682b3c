// The words of a message: plain, or as its HTML was designed; what followed them is folded away.
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { Icon } from '../../../web/ui/icon.tsx'
import { stored, useStored } from '../../../web/ui/stored.ts'
import type { Message } from '../contract.ts'
import { Attachments } from './attachments.tsx'
import { InvitationCard } from './invitation-card.tsx'
import { MarkdownText } from './markdown-text.tsx'
import { HtmlView, htmlFactsQuery } from './message-html.tsx'
import { MessageText } from './message-text.tsx'

/** Whether HTML is drawn before anybody asks. Plain words are quicker to read, so that is where it starts. */
export const htmlFirst = stored<boolean>('inbox.html-first', (found) => found === true)

/** How its reader wants to see a message. */
interface View {
  /** As it was designed or in plain words, once they chose. */
  readonly html: boolean | null
  readonly unfolded: boolean
}

type BodyView = readonly [View, (change: Partial<View>) => void]

/** Kept above the words: what covers these comes later than they do, and is drawn in their place. */
export function useBodyView(): BodyView {
  const [view, setView] = useState<View>({ html: null, unfolded: false })
  return [view, (change) => setView((before) => ({ ...before, ...change }))]
}

type BodyProps = {
  message: Message
  view: BodyView
  /** Whether our own words carry marks here. */
  hasMarks: boolean
  /** What stands between the words and the files. */
  children?: ReactNode
}

/** The words, and the files that do not stand among them. */
export function MessageBody({ message, view: [view, change], hasMarks, children }: BodyProps) {
  const [first] = useStored(htmlFirst)
  const asHtml = message.hasHtml && (view.html ?? (first || message.body === ''))
  const { data: facts } = useQuery({ ...htmlFactsQuery(message.id), enabled: asHtml })
  const files = asHtml ? message.attachments.filter(({ id }) => !facts?.inlined.includes(id)) : message.attachments
  const toggle = message.hasHtml && (
    <button
      type="button"
      aria-pressed={asHtml}
      onClick={() => change({ html: !asHtml })}
      className="flex min-h-6 items-center rounded-mark text-small text-muted underline-offset-2 hover:text-text hover:underline"
    >
      {asHtml ? <Trans>Show plain words</Trans> : <Trans>Show it as it was designed</Trans>}
    </button>
  )
  return (
    <>
      {asHtml ? (
        <HtmlView message={message} facts={facts} toggle={toggle} asked={view.html === true} />
      ) : (
        <>
          {message.body !== '' &&
            // What was written here carries marks; what came from elsewhere, also in our name, is what it is.
            (hasMarks && message.kind === 'out' && !message.raw ? (
              <MarkdownText text={message.body} />
            ) : (
              <MessageText text={message.body} />
            ))}
          {message.quoted && (
            <Quoted text={message.quoted} open={view.unfolded} onOpenChange={(unfolded) => change({ unfolded })} />
          )}
          {toggle && <div className="mt-1">{toggle}</div>}
        </>
      )}
      <InvitationCard message={message} />
      {children}
      <Attachments attachments={files} />
    </>
  )
}

/** Earlier messages and signatures: one button away. */
function Quoted({ text, open, onOpenChange }: { text: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useLingui()
  const id = useId()
  return (
    <div className="mt-1">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        aria-label={open ? t`Hide what follows` : t`Show what follows: earlier messages, signature`}
        onClick={() => onOpenChange(!open)}
        className="flex h-6 items-center rounded-mark border border-line px-1.5 text-muted hover:border-edge hover:text-text"
      >
        <Icon of={Ellipsis} />
      </button>
      <div id={id} hidden={!open} className="mt-2 border-s-2 border-line ps-3 text-muted">
        {open && <MessageText text={text} />}
      </div>
    </div>
  )
}
