// `Content-Type: text/plain; charset="x"; name*0*=utf-8''…`: a value and its parameters, with comments, continuations and
// percent encoding (RFC 2045, 2183, 2231), as broken as mail programs write them.
import { decodeText } from './charset.ts'
import { wordsOf } from './headers.ts'

export interface Structured {
  /** Lower case, without parameters. */
  readonly value: string
  /** Names lower case; of those named twice the first counts. */
  readonly parameters: ReadonlyMap<string, string>
}

const MOST_PARAMETERS = 100

export function parseStructured(header: string): Structured {
  const [value = '', ...rest] = splitParameters(header.slice(0, 16_000))
  const written = new Map<string, string>()
  for (const one of rest.slice(0, MOST_PARAMETERS)) {
    const equals = one.indexOf('=')
    const name = (equals < 0 ? one : one.slice(0, equals)).trim().toLowerCase()
    if (name && !written.has(name)) written.set(name, equals < 0 ? '' : unquoted(one.slice(equals + 1).trim()))
  }
  return { value: value.trim().toLowerCase(), parameters: joined(written) }
}

/** Splits at semicolons outside of quotes; comments in parentheses that stand where a blank could stand are left out. */
function splitParameters(header: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  let comment = 0
  for (let at = 0; at < header.length; at++) {
    const char = header[at]!
    if (comment > 0) {
      if (char === '\\') at++
      else if (char === '(') comment++
      else if (char === ')') comment--
    } else if (quoted) {
      part += char
      if (char === '\\' && at + 1 < header.length) part += header[++at]!
      else if (char === '"') quoted = false
    } else if (char === '"') {
      part += char
      quoted = true
    } else if (char === '(' && /(?:^|[\s;])$/.test(part.slice(-1)) && header.indexOf(')', at) > 0) comment = 1
    else if (char === ';') {
      parts.push(part)
      part = ''
    } else part += char
  }
  parts.push(part)
  return parts
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.replace(/\s*\([^()]*\)$/, '')
  const end = /^"((?:[^"\\]|\\.)*)"?/.exec(value)?.[1] ?? value.slice(1)
  // Backslashes in front of letters are folders of Windows, not escapes.
  return end.replace(/\\(["\\])/g, '$1')
}

/** Puts continuations together and decodes them; plain values may hold encoded words, against the rules and in all mail. */
function joined(written: ReadonlyMap<string, string>): Map<string, string> {
  const result = new Map<string, string>()
  for (const [name, value] of written) {
    if (!name.includes('*')) {
      if (!result.has(name)) result.set(name, name === 'boundary' ? value : wordsOf(value))
      continue
    }
    const base = name.slice(0, name.indexOf('*'))
    if (name !== `${base}*` && name !== `${base}*0` && name !== `${base}*0*`) continue
    result.set(base, extended(written, base) ?? value)
  }
  return result
}

function extended(written: ReadonlyMap<string, string>, base: string): string | null {
  const whole = written.get(`${base}*`)
  const pieces: { readonly text: string; readonly coded: boolean }[] = []
  if (whole !== undefined) pieces.push({ text: whole, coded: true })
  for (let index = 0; whole === undefined && index < MOST_PARAMETERS; index++) {
    const plain = written.get(`${base}*${index}`)
    const coded = written.get(`${base}*${index}*`)
    if (plain === undefined && coded === undefined) break
    pieces.push(coded === undefined ? { text: plain!, coded: false } : { text: coded, coded: true })
  }
  if (pieces.length === 0) return null
  const charset = pieces[0]!.coded ? /^([^']*)'[^']*'/.exec(pieces[0]!.text) : null
  const bytes = pieces.map(({ text, coded }, index) => {
    const content = index === 0 && charset ? text.slice(charset[0].length) : text
    return coded ? percentDecoded(content) : Buffer.from(content, 'utf8')
  })
  const all = Buffer.concat(bytes)
  const text = decodeText(all, charset?.[1])
  return text.includes('=?') ? wordsOf(text) : text
}

function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const out = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at] === 0x25 ? parseInt(bytes.toString('latin1', at + 1, at + 3), 16) : Number.NaN
    if (Number.isNaN(code) || at + 2 >= bytes.length) out[length++] = bytes[at]!
    else {
      out[length++] = code
      at += 2
    }
  }
  return out.subarray(0, length)
}
