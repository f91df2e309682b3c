// The parts of a mail. They are slices of its bytes: nothing is copied or decoded before somebody asks, every way to grow is
// bounded, and there is no mail that it refuses. (docs/decisions: why not the library that does the words and addresses.)
import { allOf, firstOf, type Head, type MailHeader, readHead } from './headers.ts'
import { parseStructured, type Structured } from './parameters.ts'
import { decodeTransfer } from './transfer.ts'

export interface MimePart {
  readonly headers: readonly MailHeader[]
  readonly type: Structured
  readonly disposition: Structured
  /** As it stands on the wire. */
  readonly body: Buffer
  /** Empty for all but multiparts. */
  readonly children: readonly MimePart[]
}

export interface Mime {
  readonly root: MimePart
  /** Something was over a limit (parts, depth, headers) and is shown as it came, or not. */
  readonly cut: boolean
}

const MOST_PARTS = 500
const DEEPEST = 30

/** @param depth how deep the mail itself lies in another. */
export function parseMime(raw: Buffer, depth = 0): Mime {
  const budget = { parts: MOST_PARTS, cut: false }
  const head = readHead(raw)
  const root = partOf(head, raw, raw.length, depth, 'text/plain', budget)
  return { root, cut: budget.cut }
}

interface Budget {
  parts: number
  cut: boolean
}

function partOf(head: Head, raw: Buffer, end: number, depth: number, fallback: string, budget: Budget): MimePart {
  if (head.cut) budget.cut = true
  const { headers } = head
  const types = allOf(headers, 'content-type')
  const structured = types.map(parseStructured)
  const type = structured.find(({ value }) => /^[\w.+-]+\/[\w.+-]+$/.test(value)) ?? named(structured[0], fallback)
  const part = {
    headers,
    type,
    disposition: parseStructured(firstOf(headers, 'content-disposition')),
    body: raw.subarray(head.bodyAt, end),
  }
  const boundary = type.value.startsWith('multipart/') ? type.parameters.get('boundary') : undefined
  if (!boundary) return leaf(part, type)
  if (depth >= DEEPEST) {
    budget.cut = true
    return leaf(part, type)
  }
  const inner = type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  const children: MimePart[] = []
  for (const [from, to] of slicesOf(part.body, boundary)) {
    if (budget.parts-- <= 0) {
      budget.cut = true
      break
    }
    const start = headStart(part.body, from, to)
    const head = start === null ? { headers: [], bodyAt: from, cut: false } : readHead(part.body, start, to)
    children.push(partOf(head, part.body, to, depth + 1, inner, budget))
  }
  return children.length === 0 ? leaf(part, type) : { ...part, children }
}

/** What says nothing of its kind, or a word that is no kind, is what parts are when they say nothing. */
function named(structured: Structured | undefined, fallback: string): Structured {
  const value = structured?.value === 'text' || !structured ? 'text/plain' : fallback
  return { value: structured ? value : fallback, parameters: structured?.parameters ?? new Map() }
}

/** A multipart without parts is read as text, so that what is in it can be seen. */
function leaf(part: Omit<MimePart, 'type' | 'children'>, type: Structured): MimePart {
  const isMultipart = type.value.startsWith('multipart/')
  return { ...part, type: isMultipart ? { value: 'text/plain', parameters: type.parameters } : type, children: [] }
}

/** A part whose first line could be no header has none: all of it is body. */
function headStart(body: Buffer, from: number, to: number): number | null {
  const line = body.toString('latin1', from, Math.min(to, from + 120))
  return /^(?:\r?\n|[\x21-\x39\x3b-\x7e]+[ \t]*:)/.test(line) ? from : null
}

/** Where the parts between the delimiter lines of a boundary lie, without the line break that belongs to the delimiter. */
function* slicesOf(body: Buffer, boundary: string): Generator<readonly [number, number]> {
  const needle = Buffer.from(`--${boundary.trimEnd()}`, 'utf8')
  let from = -1
  let at = 0
  for (;;) {
    const found = body.indexOf(needle, at)
    if (found < 0) break
    at = found + needle.length
    if (found > 0 && body[found - 1] !== 10 && body[found - 1] !== 13) continue
    let after = at
    const closes = body[after] === 0x2d && body[after + 1] === 0x2d
    if (closes) after += 2
    while (body[after] === 0x20 || body[after] === 0x09) after++
    if (after < body.length && body[after] !== 10 && body[after] !== 13) continue
    if (from >= 0) yield [from, withoutBreak(body, from, found)]
    if (closes) return
    if (body[after] === 13) after++
    if (body[after] === 10) after++
    from = after
    at = after
  }
  // The end never came: the rest is the last part.
  if (from >= 0 && from < body.length) yield [from, body.length]
}

function withoutBreak(body: Buffer, from: number, end: number): number {
  let stop = end
  if (stop > from && body[stop - 1] === 10) stop--
  if (stop > from && body[stop - 1] === 13) stop--
  return stop
}

/** All parts that hold something, in their order. */
export function leavesOf(part: MimePart): readonly MimePart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leavesOf)
}

/** The bytes that a part stands for. */
export function contentOf(part: MimePart): Buffer {
  return decodeTransfer(part.body, firstOf(part.headers, 'content-transfer-encoding'))
}

/** The name that its sender gave it, or an empty string. */
export function filenameOf({ disposition, type }: MimePart): string {
  return disposition.parameters.get('filename') || type.parameters.get('name') || ''
}
