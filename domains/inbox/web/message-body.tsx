// The words of a message: plain, or as its HTML was designed; what followed them is folded away.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Ellipsis, ImageOff, Maximize2, Minimize2 } from 'lucide-react'
import { useId, useState } from 'react'
import { pathOf } from '#platform/contract/client'
import { Button } from '../../../web/ui/button.tsx'
import { cx } from '../../../web/ui/cx.ts'
import { Icon } from '../../../web/ui/icon.tsx'
import { stored, useStored } from '../../../web/ui/stored.ts'
import { originalRoutes, type Message } from '../contract.ts'
import { MessageText } from './message-text.tsx'

/** Whether HTML is drawn before anybody asks. Plain words are quicker to read, so that is where it starts. */
export const htmlFirst = stored<boolean>('inbox.html-first', (found) => found === true)

export function MessageBody({ message }: { message: Message }) {
  const [first] = useStored(htmlFirst)
  const [chosen, setChosen] = useState<boolean | null>(null)
  const asHtml = message.hasHtml && (chosen ?? (first || message.body === ''))
  return (
    <>
      {asHtml ? (
        <HtmlView message={message} />
      ) : (
        <>
          {message.body !== '' && <MessageText text={message.body} />}
          {message.quoted && <Quoted text={message.quoted} />}
        </>
      )}
      {message.hasHtml && (
        <button
          type="button"
          aria-pressed={asHtml}
          onClick={() => setChosen(!asHtml)}
          className="mt-1 flex min-h-6 items-center rounded-mark text-small text-muted underline-offset-2 hover:text-text hover:underline"
        >
          {asHtml ? <Trans>Show plain words</Trans> : <Trans>Show it as it was designed</Trans>}
        </button>
      )}
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

/** A frame that runs nothing can't say how tall it is: the words tell roughly, and there is a button for the rest. */
export function frameHeight({ body, quoted }: Pick<Message, 'body' | 'quoted'>): number {
  const lines = `${body}\n${quoted ?? ''}`
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS_A_LINE)), 0)
  return Math.min(420, Math.max(120, Math.round((lines * LINE_PX + 48) / 4) * 4))
}

const addressOf = (id: string, images: 'blocked' | 'shown') =>
  `/api${pathOf(originalRoutes.readHtml, { params: { id }, query: { images } })}`

/** How many pictures lie elsewhere; the document's own headers say so. */
async function blockedImages(id: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(addressOf(id, 'blocked'), { method: 'HEAD', signal })
  if (!answer.ok) throw new Error(`the mail could not be asked for its images: ${answer.status}`)
  return Number(answer.headers.get('x-blocked-images') ?? 0)
}

function HtmlView({ message }: { message: Message }) {
  const { t } = useLingui()
  const { id } = message
  const [shown, setShown] = useState(false)
  const [tall, setTall] = useState(false)
  const { data: blocked = 0 } = useQuery({
    queryKey: ['blocked-images', id],
    queryFn: ({ signal }) => blockedImages(id, signal),
    staleTime: Infinity,
    retry: false,
  })
  return (
    <div className="flex w-measure max-w-full flex-col gap-1">
      {blocked > 0 && !shown && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-control bg-sunken px-2 py-1 text-small">
          <Icon of={ImageOff} className="size-3.5 text-muted" />
          <span className="min-w-0 flex-1">
            <Plural
              value={blocked}
              one="# image from elsewhere is not shown: fetching it tells the sender that you read this."
              other="# images from elsewhere are not shown: fetching them tells the sender that you read this."
            />
          </span>
          <Button size="small" onClick={() => setShown(true)}>
            <Trans>Show images</Trans>
          </Button>
        </p>
      )}
      <iframe
        key={String(shown)}
        title={t`The message as it was designed`}
        src={addressOf(id, shown ? 'shown' : 'blocked')}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        loading="lazy"
        // The document paints its own white ground; its height comes from its words.
        style={tall ? undefined : { height: frameHeight(message) }}
        className={cx('w-full rounded-control border border-line bg-white', tall && 'h-screen')}
      />
      <Button
        look="plain"
        size="small"
        icon={tall ? Minimize2 : Maximize2}
        className="self-start text-muted"
        aria-pressed={tall}
        onClick={() => setTall(!tall)}
      >
        {tall ? <Trans>Smaller</Trans> : <Trans>Expand</Trans>}
      </Button>
    </div>
  )
}
