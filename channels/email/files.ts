// The parts of a mail that are no words, as files. Which of them are shown inside the HTML is told by their Content-Id.
import { safeFilename } from '#platform/http/sanitise'
import type { InboundMedia } from '../connector.ts'
import { decodeText } from './charset.ts'
import { firstOf } from './headers.ts'
import { contentOf, filenameOf, type MimePart } from './mime.ts'

const MOST_FILES = 100

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'text/calendar': 'ics',
  'application/ics': 'ics',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/csv': 'csv',
  'message/rfc822': 'eml',
  'application/zip': 'zip',
  'application/ms-tnef': 'dat',
  'message/delivery-status': 'txt',
  'text/rfc822-headers': 'txt',
}

export interface MailFiles {
  readonly media: readonly InboundMedia[]
  readonly cut: boolean
}

export function mediaOf(parts: readonly MimePart[]): MailFiles {
  const full = calendarsOnce(parts.filter((part) => part.body.length > 0))
  const media = full.slice(0, MOST_FILES).map((part, index): InboundMedia => {
    const type = part.type.value
    const contentId = firstOf(part.headers, 'content-id')
      .replace(/[\s<>]/g, '')
      .slice(0, 300)
    return {
      name: nameOf(part, index),
      ...(/^[\w.+-]+\/[\w.+-]+$/.test(type) && { mediaType: type.slice(0, 120) }),
      ...(contentId && { contentId }),
      bytes: contentOf(part),
    }
  })
  return { media, cut: full.length > MOST_FILES }
}

/** Programs send an invitation twice, to be shown and to be kept: one file is enough, the one with a name before the other. */
function calendarsOnce(parts: readonly MimePart[]): readonly MimePart[] {
  const calendars = parts.filter(({ type }) => isCalendar(type.value))
  if (calendars.length < 2) return parts
  const named = calendars.toSorted((a, b) => Number(filenameOf(b) !== '') - Number(filenameOf(a) !== ''))
  const kept = new Map<string, MimePart>()
  for (const part of named) {
    const words = decodeText(contentOf(part), part.type.parameters.get('charset') ?? 'utf-8')
    // Folding, line ends and the method are the parcel's, not the event's.
    const said = words
      .replace(/\r?\n[ \t]/g, '')
      .replace(/^METHOD:.*$/gim, '')
      .replace(/\s+/g, '\n')
      .trim()
    if (!kept.has(said)) kept.set(said, part)
  }
  const all = new Set(kept.values())
  return parts.filter((part) => !isCalendar(part.type.value) || all.has(part))
}

/** Some programs send the copy to be kept as bytes, and only its name says what it is. */
export const isCalendar = (type: string): boolean => /^(?:text\/(?:x-v)?calendar|application\/ics)$/.test(type)

function nameOf(part: MimePart, index: number): string {
  const type = part.type.value
  const kind = type === 'message/rfc822' ? 'message' : isCalendar(type) ? 'invitation' : type.replace(/\/.*$/, '')
  const extension = extensions[type]
  const plain = /^[a-z]{1,20}$/.test(kind) ? kind : 'file'
  const fallback = `${plain}-${index + 1}${extension ? `.${extension}` : ''}`
  return safeFilename(filenameOf(part), fallback)
}
