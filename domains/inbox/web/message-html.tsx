// HTML of strangers as it was designed, as wide as the thread has room, and once more in full size.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { queryOptions } from '@tanstack/react-query'
import { ImageOff, Maximize2 } from 'lucide-react'
import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react'
import { pathOf } from '#platform/contract/client'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { originalRoutes, type Message } from '../contract.ts'

const LINE_PX = 22
const LETTERS_A_LINE = 70

const IMAGE_PX = 160
const TALLEST_PX = 640

/** A frame that runs nothing can't say how tall it is: words and pictures tell roughly, and there is a button for the rest. */
export function frameHeight({ body, quoted }: Pick<Message, 'body' | 'quoted'>, images = 0): number {
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
  /** How many pixels it was designed for; 0: it fits any frame. */
  readonly width: number
}

/** The document's own headers say so. */
export const htmlFactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['html-facts', id],
    queryFn: async ({ signal }): Promise<HtmlFacts> => {
      const { ok, status, headers } = await fetch(addressOf(id, 'blocked'), { method: 'HEAD', signal })
      if (!ok) throw new Error(`the mail could not be asked for its images: ${status}`)
      const inlined = headers.get('x-inline-attachments')?.split(',').filter(Boolean) ?? []
      return {
        blocked: Number(headers.get('x-blocked-images') ?? 0),
        inlined,
        width: Number(headers.get('x-designed-width') ?? 0),
      }
    },
    staleTime: Infinity,
    retry: false,
  })

/** The margin of a document (mail-html.ts). */
const AROUND_PX = 24
/** Smaller than that nothing can be made out: from there on the frame scrolls sideways. */
const SMALLEST = 0.5

type FittedProps = {
  designed: number
  height: number | string
  children: (style: CSSProperties | undefined) => ReactNode
}

/** A box across the thread. What was designed for more width than there is, is drawn smaller, as on paper. */
function Fitted({ designed, height, children }: FittedProps) {
  const box = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setRoom(entry?.contentRect.width ?? 0))
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [])
  const scale = designed > 0 && room > 0 ? Math.max(SMALLEST, Math.min(1, room / (designed + AROUND_PX))) : 1
  const style =
    scale === 1
      ? undefined
      : { width: `${100 / scale}%`, height: `${100 / scale}%`, transform: `scale(${scale})`, transformOrigin: '0 0' }
  return (
    <div ref={box} style={{ height }} className="w-full overflow-hidden rounded-control border border-line bg-white">
      {children(style)}
    </div>
  )
}

type HtmlViewProps = { message: Message; facts: HtmlFacts | undefined; toggle: ReactNode; asked: boolean }

/** The document of strangers, in a frame that runs nothing. It paints its own white ground. */
function Frame({ id, shown, style }: { id: string; shown: boolean; style?: CSSProperties | undefined }) {
  const { t } = useLingui()
  return (
    <iframe
      key={String(shown)}
      title={t`The message as it was designed`}
      src={addressOf(id, shown ? 'shown' : 'blocked')}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      loading="lazy"
      style={style}
      className="block size-full"
    />
  )
}

export function HtmlView({ message, facts, toggle, asked }: HtmlViewProps) {
  const { t } = useLingui()
  const { id } = message
  const [shown, setShown] = useState(false)
  const [large, setLarge] = useState(false)
  const { blocked = 0, inlined = [], width = 0 } = facts ?? {}
  // A thread grows upwards: whoever asks for the design begins to read it at its top.
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (asked) top.current?.closest('article')?.scrollIntoView({ block: 'start' })
  }, [asked, facts])
  const kept = blocked > 0 && !shown && (
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
  )
  return (
    <div ref={top} className="flex w-full flex-col gap-1">
      {kept}
      <Fitted designed={width} height={frameHeight(message, blocked + inlined.length)}>
        {(style) => <Frame id={id} shown={shown} style={style} />}
      </Fitted>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        {toggle}
        <button
          type="button"
          onClick={() => setLarge(true)}
          className="flex min-h-6 items-center gap-1.5 rounded-mark text-small text-muted underline-offset-2 hover:text-text hover:underline"
        >
          <Icon of={Maximize2} className="size-3.5" />
          <Trans>Enlarge</Trans>
        </button>
      </div>
      {large && (
        <Dialog open wide onOpenChange={setLarge} title={message.subject || t`As it was designed`}>
          {kept}
          <Fitted designed={0} height="75vh">
            {() => <Frame id={id} shown={shown} />}
          </Fitted>
        </Dialog>
      )}
    </div>
  )
}
