// A long text as several that each keep every limit, to be read one after the other. Pure, and shared by the composer, which shows
// the parts, and the server, which sends them. Words, links and what a reader sees as one sign stay whole as long as they fit.
import { overLimit, type TextLimit } from './length.ts'
import { openedWith } from './opening.ts'

export interface SplitOptions {
  /** Each part ends with its place: (2/5). */
  readonly numbered?: boolean
  /** What the first part begins with on its network where its words do not say it: it takes room there, and is not in the part. */
  readonly opening?: string
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** How far back from the last word that fits a better place to break may lie, as a part of what fits. */
const LOOK_BACK = 0.4

/** One part where the text fits; else as few as there are good breaks for. Without any text, no part. */
export function splitText(
  text: string,
  limits: readonly TextLimit[],
  { numbered = false, opening = '' }: SplitOptions = {},
): string[] {
  const whole = text.trim()
  if (whole === '') return []
  if (overLimit(limits, openedWith(opening, whole)) === null) return [whole]
  if (!numbered) return partsOf(whole, limits, '', opening)
  // The marks take room, and how much is known only by how many there are.
  for (let digits = 1; ; digits++) {
    const most = '9'.repeat(digits)
    const parts = partsOf(whole, limits, ` (${most}/${most})`, opening)
    if (String(parts.length).length <= digits) return parts.map((part, at) => `${part} (${at + 1}/${parts.length})`)
  }
}

function partsOf(text: string, limits: readonly TextLimit[], mark: string, opening: string): string[] {
  const parts: string[] = []
  const fits = (part: string): boolean =>
    overLimit(limits, openedWith(parts.length === 0 ? opening : '', part) + mark) === null
  let rest = text
  while (rest !== '') {
    if (fits(rest)) {
      parts.push(rest)
      break
    }
    const end = wordsThatFit(rest, fits) || signsThatFit(rest, fits)
    const cut = end < rest.length ? betterBreak(rest, end) : end
    parts.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  return parts
}

/** Where the last whole word that fits ends; 0 when not even the first does. */
function wordsThatFit(text: string, fits: (part: string) => boolean): number {
  let end = 0
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const next = index + word.length
    if (!fits(text.slice(0, next))) break
    end = next
  }
  return end
}

/** A single word that is too long by itself: as many signs as fit, or as many code points of a sign that is a limit's length alone. */
function signsThatFit(text: string, fits: (part: string) => boolean): number {
  const word = /^\S+/.exec(text)![0]
  const longest = (pieces: Iterable<string>): number => {
    let end = 0
    for (const piece of pieces) {
      if (!fits(text.slice(0, end + piece.length))) break
      end += piece.length
    }
    return end
  }
  const signs = longest(Iterator.from(graphemes.segment(word)).map(({ segment }) => segment))
  // Limits that hold nothing at all end somewhere, too.
  return signs || longest(word) || [...word][0]!.length
}

/** The end of a paragraph, of a sentence or of a line not far before `end`; `end` where there is none. */
function betterBreak(text: string, end: number): number {
  const from = Math.floor(end * (1 - LOOK_BACK))
  const near = text.slice(0, end)
  // Between words already: what follows the end decides whether it is one of a paragraph or sentence itself.
  if (/^\s*\n\s*\n/.test(text.slice(end))) return end
  const paragraph = near.lastIndexOf('\n\n')
  if (paragraph >= from && paragraph > 0) return paragraph
  if (/[.!?…。！？]["'”’)\]]*$/u.test(near)) return end
  const sentences = [...near.matchAll(/[.!?…。！？]["'”’)\]]*(?=\s)/gu)]
  const last = sentences.at(-1)
  if (last && last.index + last[0].length >= from) return last.index + last[0].length
  const line = near.lastIndexOf('\n')
  return line >= from && line > 0 ? line : end
}
