// The words of a message: plain, or as its HTML was designed; what followed them is folded away.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Ellipsis, ImageOff, Maximize2, Minimize2 } from 'lucide-react'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { pathOf } from '#platform/contract/client'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { stored, useStored } from '../../../web/ui/stored.ts'
import { originalRoutes, type Message } from '../contract.ts'
import { Attachments } from './attachments.tsx'
import { InvitationCard } from './invitation-card.tsx'
import { MarkdownText } from './markdown-text.tsx'
import { MessageText } from './message-text.tsx'

/** Whether HTML is drawn before anybody asks. Plain words are quicker to read, so that is where it starts. */
export const htmlFirst = stored<boolean>('inbox.html-first', (found) => found === true)

type BodyProps = {
  message: Message
  /** Whether our own words carry marks here. */
  hasMarks: boolean
  /** What stands between the words and the files. */
  children?: ReactNode
}

/** The words, and the files that do not stand among them. */
export function MessageBody({ message, hasMarks, children }: BodyProps) {
  const [first] = useStored(htmlFirst)
  const [chosen, setChosen] = useState<boolean | null>(null)
  const asHtml = message.hasHtml && (chosen ?? (first || message.body === ''))
  const { data: facts } = useQuery({ ...htmlFactsQuery(message.id), enabled: asHtml })
  const files = asHtml ? message.attachments.filter(({ id }) => !facts?.inlined.includes(id)) : message.attachments
  const toggle = message.hasHtml && (
    <button
      type="button"
      aria-pressed={asHtml}
      onClick={() => setChosen(!asHtml)}
      className="flex min-h-6 items-center rounded-mark text-small text-muted underline-offset-2 hover:text-text hover:underline"
    >
      {asHtml ? <Trans>Show plain words</Trans> : <Trans>Show it as it was designed</Trans>}
    </button>
  )
  return (
    <>
      {asHtml ? (
        <HtmlView message={message} facts={facts} toggle={toggle} asked={chosen === true} />
      ) : (
        <>
          {message.body !== '' &&
            // What was written here carries marks; what came from elsewhere, also in our name, is what it is.
            (hasMarks && message.kind === 'out' && !message.raw ? (
              <MarkdownText text={message.body} />
            ) : (
              <MessageText text={message.body} />
            ))}
          {message.quoted && <Quoted text={message.quoted} />}
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
function Quoted({ text }: { text: string }) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="mt-1">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        aria-label={open ? t`Hide what follows` : t`Show what follows: earlier messages, signature`}
        onClick={() => setOpen(!open)}
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

const LINE_PX = 22
const LETTERS_A_LINE = 70

const IMAGE_PX = 160
const TALLEST_PX = 640

/** A frame that runs nothing can't say how tall it is: words and pictures tell roughly, and there is a button for the rest. */
function frameHeight({ body, quoted }: Pick<Message, 'body' | 'quoted'>, images = 0): number {
  const lines = `${body}\n${quoted ?? ''}`
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS_A_LINE)), 0)
  const tall = Math.round((lines * LINE_PX + images * IMAGE_PX + 48) / 4) * 4
  return Math.min(TALLEST_PX, Math.max(120, tall))
}

const addressOf = (id: string, images: 'blocked' | 'shown') =>
  `/api${pathOf(originalRoutes.readHtml, { params: { id } })}?images=${images}`

interface HtmlFacts {
  /** How many pictures lie elsewhere. */
  readonly blocked: number
  /** The attachments whose pictures stand in the document. */
  readonly inlined: readonly string[]
}

/** The document's own headers say so. */
const htmlFactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['html-facts', id],
    queryFn: async ({ signal }): Promise<HtmlFacts> => {
      const { ok, status, headers } = await fetch(addressOf(id, 'blocked'), { method: 'HEAD', signal })
      if (!ok) throw new Error(`the mail could not be asked for its images: ${status}`)
      const inlined = headers.get('x-inline-attachments')?.split(',').filter(Boolean) ?? []
      return { blocked: Number(headers.get('x-blocked-images') ?? 0), inlined }
    },
    staleTime: Infinity,
    retry: false,
  })

type HtmlViewProps = { message: Message; facts: HtmlFacts | undefined; toggle: ReactNode; asked: boolean }

function HtmlView({ message, facts, toggle, asked }: HtmlViewProps) {
  const { t } = useLingui()
  const { id } = message
  const [shown, setShown] = useState(false)
  const [tall, setTall] = useState(false)
  const { blocked = 0, inlined = [] } = facts ?? {}
  // A thread grows upwards: whoever asks for the design begins to read it at its top.
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (asked) top.current?.closest('article')?.scrollIntoView({ block: 'start' })
  }, [asked, facts, tall])
  return (
    <div ref={top} className="flex w-measure max-w-full flex-col gap-1">
      {blocked > 0 && !shown && (
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-control bg-sunken px-2 py-1 text-small">
          <Icon of={ImageOff} className="size-3.5 text-muted" />
          <p className="min-w-44 flex-1 text-pretty">
            <Plural
              value={blocked}
              one="# image from elsewhere is not shown: fetching it tells the sender that you read this."
              other="# images from elsewhere are not shown: fetching them tells the sender that you read this."
            />
          </p>
          <Button size="small" onClick={() => setShown(true)}>
            <Trans>Show images</Trans>
          </Button>
        </div>
      )}
      <iframe
        key={String(shown)}
        title={t`The message as it was designed`}
        src={addressOf(id, shown ? 'shown' : 'blocked')}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        loading="lazy"
        // The document paints its own white ground; its height comes from its words.
        style={tall ? undefined : { height: frameHeight(message, blocked + inlined.length) }}
        className={cx('w-full rounded-control border border-line bg-white', tall && 'h-screen')}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        {toggle}
        <button
          type="button"
          aria-pressed={tall}
          onClick={() => setTall(!tall)}
          className="flex min-h-6 items-center gap-1.5 rounded-mark text-small text-muted underline-offset-2 hover:text-text hover:underline"
        >
          <Icon of={tall ? Minimize2 : Maximize2} className="size-3.5" />
          {tall ? <Trans>Smaller</Trans> : <Trans>Expand</Trans>}
        </button>
      </div>
    </div>
  )
}
