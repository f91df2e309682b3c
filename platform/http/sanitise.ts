// What people write, made safe to show, to click, to open in a spreadsheet and to save. Pure and without Node: the
// browser uses it too.

/** `href` is the address as browsers will open it, with an international host in punycode. */
export type TextSegment = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string }

const invisible =
  '\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\u{E0000}-\\u{E0FFF}'
const invisibleOrControl = new RegExp(`[\\p{Cc}${invisible}]`, 'gu')

// One pass over words: no nested repetition, so the time is linear in the text.
const word = /[^\s<>"]+/gu
const linkStart = /https?:\/\/|www\./iu
const email = /^[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}$/u
const longestLink = 2048

/**
 * Splits plain text into text and links; the segments joined are the text again. Links are http(s) addresses, `www.`
 * names and mail addresses. An address that pretends (`https://bank.example@evil.example`, invisible or
 * direction-changing characters) stays text.
 */
export function linkify(text: string): TextSegment[] {
  const segments: TextSegment[] = []
  let done = 0
  for (const match of text.matchAll(word)) {
    const found = findLink(match[0])
    if (!found) continue
    const start = match.index + found.offset
    if (start > done) segments.push({ kind: 'text', text: text.slice(done, start) })
    segments.push({ kind: 'link', text: found.text, href: found.href })
    done = start + found.text.length
  }
  if (done < text.length) segments.push({ kind: 'text', text: text.slice(done) })
  return segments
}

function findLink(candidate: string): { offset: number; text: string; href: string } | null {
  const offset = candidate.search(linkStart)
  if (offset >= 0 && (offset === 0 || /[\p{P}\p{S}]/u.test(candidate[offset - 1]!))) {
    const text = trimEnd(candidate.slice(offset))
    const href = webAddress(text)
    return href ? { offset, text, href } : null
  }
  const start = /^[([{'*_~,;:]*/.exec(candidate)?.[0].length ?? 0
  const text = trimEnd(candidate.slice(start))
  return text.length <= 254 && email.test(text)
    ? { offset: start, text, href: `mailto:${encodeURI(text).replace(/[?#&]/g, encodeURIComponent)}` }
    : null
}

function webAddress(text: string): string | null {
  if (text.length > longestLink || text.search(invisibleOrControl) >= 0) return null
  const address = /^www\./i.test(text) ? `https://${text}` : text
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  const hostIsPlausible = url.hostname.includes('.') || url.hostname.startsWith('[') || url.hostname === 'localhost'
  return hostIsPlausible && url.username === '' && url.password === '' ? url.href : null
}

/** Punctuation that ends the sentence, and closing brackets that were not opened inside, are not part of an address. */
function trimEnd(text: string): string {
  const opened = { ')': count(text, '('), ']': count(text, '['), '}': count(text, '{') }
  const closed = { ')': count(text, ')'), ']': count(text, ']'), '}': count(text, '}') }
  let end = text.length
  for (; end > 0; end--) {
    const last = text[end - 1]!
    if (last === ')' || last === ']' || last === '}') {
      if (closed[last] <= opened[last]) break
      closed[last]--
    } else if (!/[.,;:!?'*_~…。，、！？）」』》]/u.test(last)) break
  }
  return text.slice(0, end)
}

function count(text: string, char: string): number {
  return text.split(char).length - 1
}

/**
 * A cell for CSV that no spreadsheet runs: text that would be read as a formula gets an apostrophe in front. Plain
 * numbers stay numbers. Quoting is `csvRow`'s.
 */
export function escapeFormula(cell: string): string {
  if (/^[-+]?\d+(?:[.,]\d+)?$/.test(cell)) return cell
  // Spreadsheets drop some leading white space and invisible characters, and take full-width signs for plain ones.
  const first = firstVisible(cell)
  return '=+-@＝＋－＠'.includes(first) && first !== '' ? `'${cell}` : /^[\t\r\n]/.test(cell) ? `'${cell}` : cell
}

function firstVisible(cell: string): string {
  for (const char of cell) {
    if (!/\s/u.test(char) && char.search(invisibleOrControl) < 0) return char
  }
  return ''
}

/** One line of CSV (RFC 4180, CRLF), every text quoted so that another separator can't start a new cell. */
export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? `"${escapeFormula(cell).replaceAll('"', '""')}"` : cell === null ? '' : String(cell))).join(',')}\r\n`
}

/**
 * A name that can be shown and saved anywhere: no folders, no control, invisible or direction-changing characters, no
 * names that Windows keeps for itself, at most 120 characters and 200 bytes with the extension kept.
 */
export function safeFilename(name: string, fallback = 'file'): string {
  const last = name.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1)!
  const visible = last
    .replace(invisibleOrControl, '')
    .replace(/[<>:"|?*\uFFFD]/g, '_')
    .replace(/\s+/gu, ' ')
  const trimmed = trimEdges(visible)
  const isReserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(trimmed)
  return shorten(isReserved ? `_${trimmed}` : trimmed) || fallback
}

function trimEdges(name: string): string {
  let start = 0
  let end = name.length
  while (start < end && (name[start] === '.' || name[start] === ' ')) start++
  while (end > start && (name[end - 1] === '.' || name[end - 1] === ' ')) end--
  return name.slice(start, end)
}

function shorten(name: string): string {
  const extension = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? ''
  const encoder = new TextEncoder()
  let stem = ''
  let bytes = encoder.encode(extension).length
  let characters = [...extension].length
  for (const char of name.slice(0, name.length - extension.length)) {
    bytes += encoder.encode(char).length
    characters += 1
    if (bytes > 200 || characters > 120) break
    stem += char
  }
  return trimEdges(stem) + (stem === '' ? extension.slice(1) : extension)
}
