/** @jsxImportSource preact */
// Files, fetched when the first one shows or is chosen. Pictures are drawn on a canvas: a page's policy may forbid every
// image that is not from our origin, and the bytes come with the visitor's token, which no address may carry.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { VisitFile } from '#webchat/contract'
import { Icon } from './icons.tsx'
import { saveAs } from './save.ts'
import type { Session } from './session.ts'
import { fill, type Words } from './words.ts'
import { addStyle } from './style.ts'
import css from './files.css?inline'

addStyle(css)

/** A file on its way up. */
export interface Sending {
  readonly id: number
  readonly name: string
  /** 0 to 1. */
  readonly share: number
  /** Set once it is up. */
  readonly file?: VisitFile
  readonly problem?: 'tooLarge' | 'refused' | 'wrong' | 'tooMany'
  readonly cancel: () => void
}

const MOST_BYTES = 10 * 1024 * 1024
let count = 0

/** Sends a file up and tells how it goes. */
export function sendUp({ calls }: Session, file: File, tell: (sending: Sending) => void): void {
  const request = new XMLHttpRequest() // `fetch` can't tell how far an upload has come
  const base = { id: ++count, name: file.name, cancel: () => request.abort() }
  if (file.size > MOST_BYTES) return tell({ ...base, share: 0, problem: 'tooLarge' })
  const fail = (): void => {
    const { code = '' } = (request.response ?? {}) as { code?: string }
    const problem =
      request.status === 413
        ? 'tooLarge'
        : /refused|empty/.test(code)
          ? 'refused'
          : request.status === 429
            ? 'tooMany'
            : 'wrong'
    tell({ ...base, share: 0, problem })
  }
  request.open('POST', calls.url('/files'))
  request.responseType = 'json'
  for (const [name, value] of Object.entries(calls.headers())) request.setRequestHeader(name, value)
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    tell({ ...base, share: Math.min(0.99, loaded / total) }),
  )
  request.addEventListener('load', () =>
    request.status === 200 ? tell({ ...base, share: 1, file: request.response as VisitFile }) : fail(),
  )
  request.addEventListener('error', fail)
  const form = new FormData()
  form.append('file', file)
  request.send(form)
  tell({ ...base, share: 0 })
}

/** The list with `one` as it is now; without it once it failed. */
export function taken(all: readonly Sending[], one: Sending): Sending[] {
  if (one.problem) return all.filter(({ id }) => id !== one.id)
  return all.some(({ id }) => id === one.id) ? all.map((old) => (old.id === one.id ? one : old)) : [...all, one]
}

export function SendingList({
  all,
  words,
  onDrop,
}: {
  all: readonly Sending[]
  words: Words
  onDrop: (one: Sending) => void
}) {
  return (
    <ul class="sending">
      {all.map((one) => (
        <li key={one.id}>
          <span class="name">{one.name}</span>
          {one.share < 1 && <progress value={one.share} aria-label={one.name} />}
          <button
            type="button"
            class="icon"
            aria-label={fill(words.remove, { name: one.name })}
            onClick={() => onDrop(one)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}

const bytesOf = async ({ calls }: Session, id: string): Promise<Blob> => (await calls.raw(`/files/${id}`)).blob()

export function FileView({ file, session, words }: { file: VisitFile; session: Session; words: Words }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drawn, setDrawn] = useState(false)
  const { id, kind, name } = file
  const isPicture = kind === 'image'
  useEffect(() => {
    if (!isPicture) return
    let there = true
    void (async () => {
      const picture = await createImageBitmap(await bytesOf(session, id))
      const element = canvas.current
      if (!element || !there) return
      const scale = Math.min(1, 480 / picture.width, 480 / picture.height)
      element.width = picture.width * scale
      element.height = picture.height * scale
      element.getContext('2d')!.drawImage(picture, 0, 0, element.width, element.height)
      setDrawn(true)
    })().catch(() => {}) // its name stays, and can still be saved
    return () => {
      there = false
    }
  }, [id, isPicture, session])
  const ratio = file.width && file.height ? `${file.width} / ${file.height}` : '4 / 3'
  return (
    <button
      type="button"
      class="file"
      onClick={() =>
        void bytesOf(session, id).then(
          (bytes) => saveAs(bytes, name),
          () => {},
        )
      }
    >
      {isPicture && (
        <canvas
          ref={canvas}
          style={drawn ? {} : { aspectRatio: ratio }}
          role="img"
          aria-label={`${words.picture}: ${file.name}`}
        />
      )}
      <span class="name">
        {file.name} <span class="why">{size(file.size)}</span>
      </span>
    </button>
  )
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
