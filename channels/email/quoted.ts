// Which lines of a mail are new. Older mails and signatures are folded away, not thrown away: what is doubtful stays in
// sight, answers written between the lines of a question keep their questions, forwarded mails are the point of the mail.
// Measured against a library on two sets: docs/decisions/ says how it came out.
import { isAttribution, isForwardMark, isHeaderBlock, isMobileSignature, isOriginalMark } from './quote-marks.ts'

export interface Folded {
  readonly text: string
  /** What is folded away, in its order; absent where nothing is. */
  readonly quoted?: string
}

/** Beyond this nobody folds: what is so long is read in the raw view. */
const MOST_LINES = 20_000
const LONGEST_SIGNATURE = 15

/** @param quotesAt offsets where the mail program itself marked an older mail. */
export function foldQuoted(text: string, quotesAt: readonly number[] = []): Folded {
  const lines = text.split('\n')
  if (lines.length > MOST_LINES) return { text }
  const fold = foldedLines(lines, markedLines(lines, quotesAt))
  if (!fold.includes(true)) return { text: text.trim() }
  const pick = (which: boolean) => trimLines(lines.filter((_, index) => fold[index] === which))
  const rest = pick(false)
  // Never everything: a mail that is all quotation says something with it.
  if (rest === '') return { text: text.trim() }
  return { text: rest, quoted: pick(true) }
}

/** Lines that begin a container of an older mail. */
function markedLines(lines: readonly string[], quotesAt: readonly number[]): ReadonlySet<number> {
  const marked = new Set<number>()
  const wanted = [...quotesAt].sort((a, b) => a - b)
  let offset = 0
  let next = 0
  for (const [index, line] of lines.entries()) {
    while (next < wanted.length && wanted[next]! <= offset) {
      marked.add(index)
      next++
    }
    offset += line.length + 1
  }
  return marked
}

const isQuote = (line: string) => /^\s{0,3}>/.test(line)
const isBlank = (line: string | undefined) => line === undefined || line.trim() === ''

function foldedLines(lines: readonly string[], marked: ReadonlySet<number>): boolean[] {
  const fold = lines.map(() => false)
  const all = (from: number, to = lines.length) => fold.fill(true, from, to)
  const begin = lines.findIndex((line) => !isBlank(line))
  /** Quotations with their first line, as far as they go without a word between. */
  const quotes: { readonly from: number; readonly to: number }[] = []
  let end = lines.length
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    if (isBlank(line)) continue
    if (isForwardMark(line)) return foldSignature(lines, fold, begin, at, marked)
    if (isQuote(line)) {
      const to = endOfQuote(lines, at)
      quotes.push({ from: at, to })
      at = to - 1
      continue
    }
    const said = isAttribution(lines, at)
    const follows = nextWords(lines, at + said)
    if (said > 0 && isQuote(lines[follows] ?? '')) {
      const to = endOfQuote(lines, follows)
      quotes.push({ from: at, to })
      at = to - 1
      continue
    }
    const isOlder = said > 0 || isOriginalMark(line) || isHeaderBlock(lines, at) || (marked.has(at) && at > begin)
    if (isOlder && at > begin && !containsForward(lines, at)) {
      end = withRule(lines, at)
      all(end)
      break
    }
  }
  foldQuotes(
    lines,
    quotes.filter(({ from }) => from < end),
    fold,
    end,
  )
  return foldSignature(lines, fold, begin, end, marked)
}

/** The mail programs' own container of a forwarded mail is no older mail. */
function containsForward(lines: readonly string[], at: number): boolean {
  return lines.slice(at, at + 4).some(isForwardMark)
}

/** A line of dashes or underscores above belongs to what it divides. */
function withRule(lines: readonly string[], at: number): number {
  let above = at - 1
  while (above > 0 && isBlank(lines[above])) above--
  return /^\s*[-_=*]{4,}\s*$/.test(lines[above] ?? '') ? above : at
}

function nextWords(lines: readonly string[], from: number): number {
  let at = from
  while (at < lines.length && isBlank(lines[at])) at++
  return at
}

/** After the last line of a quotation: blank lines, and lines that were broken off a quoted one, belong to it. */
function endOfQuote(lines: readonly string[], from: number): number {
  let last = from
  for (let at = from; at < lines.length; at++) {
    if (isQuote(lines[at]!)) last = at
    else if (isBlank(lines[at])) {
      if (!isQuote(lines[nextWords(lines, at)] ?? '')) break
    } else if (!isBrokenOff(lines, at)) break
  }
  return last + 1
}

/** The end of a long quoted line that a program broke off. In doubt it is an answer, and answers are never folded. */
function isBrokenOff(lines: readonly string[], at: number): boolean {
  const [before = '', line = '', after = ''] = lines.slice(at - 1, at + 2)
  return isQuote(before) && isQuote(after) && before.length >= 65 && !/[.?!:]\s*$/.test(before) && /^\p{Ll}/u.test(line)
}

/**
 * One quotation on top and one at the end are folded. Where new words stand between several, they answer what is above
 * them, so all of those stay.
 */
function foldQuotes(
  lines: readonly string[],
  quotes: readonly { readonly from: number; readonly to: number }[],
  fold: boolean[],
  end: number,
): void {
  const isEmpty = (from: number, to: number) => lines.slice(from, to).every(isBlank)
  const isLast = (index: number) => {
    const { to } = quotes[index]!
    const rest = lines.slice(to, end)
    return rest.every(isBlank) || isSignatureOnly(rest)
  }
  const answered = quotes.filter((_, index) => !isLast(index))
  const [first] = answered
  const isOnTop =
    first !== undefined &&
    (isEmpty(0, first.from) ||
      isAttribution(lines, first.from) > 0 ||
      lines.slice(0, first.from).filter((line) => !isBlank(line)).length <= 1)
  for (const [index, { from, to }] of quotes.entries()) {
    if (isLast(index) || (answered.length === 1 && isOnTop)) fold.fill(true, from, to)
  }
}

function isSignatureOnly(lines: readonly string[]): boolean {
  const first = lines.findIndex((line) => !isBlank(line))
  return first >= 0 && (isDelimiter(lines[first]!) || isMobileSignature(lines[first]!)) && lines.length - first <= 40
}

function isDelimiter(line: string): boolean {
  return /^(?:--|—|–|—{2,}|–{2,}|_{2,})\s*$/u.test(line)
}

/** The signature above `end`: from its delimiter, or the line that a telephone writes. */
function foldSignature(
  lines: readonly string[],
  fold: boolean[],
  begin: number,
  end: number,
  marked: ReadonlySet<number>,
): boolean[] {
  const seen = lines.flatMap((line, index) => (index < end && !fold[index] && !isBlank(line) ? [index] : []))
  // Two dashes alone on a line are a signature's by the rules; other lines only where what follows looks like one.
  const dashes = seen.find((index) => index > begin && /^-- ?$/.test(lines[index]!))
  const delimiter = dashes ?? seen.findLast((index) => isDelimiter(lines[index]!))
  if (delimiter !== undefined && delimiter > begin) {
    const below = seen.filter((index) => index > delimiter)
    const longest = dashes === undefined ? LONGEST_SIGNATURE : LONGEST_SIGNATURE * 2
    const isShort = below.length <= longest && below.every((index) => lines[index]!.length <= 120)
    if (isShort && (below.length > 0 || /^--/.test(lines[delimiter]!))) fold.fill(true, delimiter, end)
  }
  const mobile = seen.find((index) => !fold[index] && index > begin && isMobileSignature(lines[index]!))
  if (mobile !== undefined) {
    const below = seen.filter((index) => index > mobile && !fold[index])
    const isApart = isBlank(lines[mobile - 1]) || below.length === 0
    // What stands below such a line was there before it: an older mail without any mark.
    if (isApart && (below.length === 0 || !marked.has(mobile))) fold.fill(true, mobile, end)
  }
  return fold
}

function trimLines(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
}
