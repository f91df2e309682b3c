// Reads the fixed part of an `html` template and says where each hole stands. It follows the HTML tokenizer as far as
// our own templates need, and refuses what it does not follow, so that a doubtful template never renders.

/** `url`: the hole begins an address, so it decides the scheme. `path`: nothing but a slash stands before it. */
export interface Hole {
  place: 'text' | 'tag' | 'attribute' | 'url' | 'path'
}

const urlAttributes = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'cite',
  'data',
  'manifest',
  'background',
  'xlink:href',
])
const forbiddenAttributes = new Set(['style', 'srcdoc', 'srcset', 'imagesrcset', 'ping', 'http-equiv'])
const allowedSchemes = new Set(['http', 'https', 'mailto', 'tel'])
const rawTextTags = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript', 'plaintext'])

/** Their address is a program, or moves all other addresses: a value may not choose the origin. */
const programTags = new Set(['script', 'object', 'embed', 'base'])

const known = new WeakMap<TemplateStringsArray, readonly Hole[]>()

export function isUrlAttribute(name: string): boolean {
  return urlAttributes.has(name.toLowerCase())
}

/** Attributes whose values are programs, documents or lists of addresses: no escaping makes them safe. */
export function isForbiddenAttribute(name: string): boolean {
  const lower = name.toLowerCase()
  return lower.startsWith('on') || forbiddenAttributes.has(lower)
}

/** One place for each hole. Throws TypeError for a hole where no value can be safe, and for an unfinished tag. */
export function readTemplate(strings: TemplateStringsArray): readonly Hole[] {
  const before = known.get(strings)
  if (before) return before
  const reader: Reader = { state: 'text', tag: '', attribute: '', quote: '', value: '', holesInValue: 0 }
  const holes: Hole[] = []
  for (const [index, text] of strings.entries()) {
    for (const char of text) read(reader, char)
    if (index < strings.length - 1) holes.push(holeAt(reader))
  }
  if (reader.state !== 'text') refuse(`The template ends inside ${describe(reader)}`)
  known.set(strings, holes)
  return holes
}

interface Reader {
  state:
    | 'text'
    | 'tag-open'
    | 'tag-name'
    | 'in-tag'
    | 'attribute-name'
    | 'after-name'
    | 'before-value'
    | 'value'
    | 'raw'
    | 'declaration'
  tag: string
  attribute: string
  quote: string
  /** Of an attribute: its fixed text so far. Of raw text and declarations: the last few characters. */
  value: string
  holesInValue: number
}

function read(reader: Reader, char: string): void {
  const space = /\s/.test(char)
  switch (reader.state) {
    case 'text':
      if (char === '<') reader.state = 'tag-open'
      return
    case 'tag-open':
      if (char === '!' || char === '?') begin(reader, 'declaration')
      else if (/[a-z/]/i.test(char)) {
        reader.state = 'tag-name'
        reader.tag = char
      } else refuse(`A bare < stands before ${char}; write &lt;`)
      return
    case 'tag-name':
      if (space || char === '/') reader.state = 'in-tag'
      else if (char === '>') closeTag(reader)
      else reader.tag += char
      return
    case 'in-tag':
      if (char === '>') closeTag(reader)
      else if (!space && char !== '/') {
        if (/["'<=]/.test(char)) refuse(`${char} stands where an attribute begins`)
        reader.state = 'attribute-name'
        reader.attribute = char
      }
      return
    case 'attribute-name':
      if (char === '=') reader.state = 'before-value'
      else if (char === '>') closeTag(reader)
      else if (space) reader.state = 'after-name'
      else if (char === '/') reader.state = 'in-tag'
      else reader.attribute += char
      return
    case 'after-name':
      if (char === '=') refuse('Write attributes without spaces around =')
      else if (!space) {
        reader.state = 'in-tag'
        read(reader, char)
      }
      return
    case 'before-value':
      if (char !== '"' && char !== "'") refuse(`Quote the value of ${reader.attribute}`)
      begin(reader, 'value')
      reader.quote = char
      reader.holesInValue = 0
      return
    case 'value':
      if (char === reader.quote) reader.state = 'in-tag'
      else reader.value += char
      return
    case 'raw':
      reader.value = (reader.value + char).slice(-20).toLowerCase()
      if (reader.value.endsWith(`</${reader.tag}>`)) reader.state = 'text'
      return
    case 'declaration':
      reader.value =
        reader.value.length < 2
          ? reader.value + char
          : reader.value.slice(0, 2) + (reader.value.slice(2) + char).slice(-3)
      if (char === '>' && (!reader.value.startsWith('--') || reader.value.endsWith('-->'))) reader.state = 'text'
      return
  }
}

function begin(reader: Reader, state: Reader['state']): void {
  reader.state = state
  reader.value = ''
}

function closeTag(reader: Reader): void {
  reader.tag = reader.tag.toLowerCase()
  begin(reader, rawTextTags.has(reader.tag) ? 'raw' : 'text')
}

function holeAt(reader: Reader): Hole {
  if (reader.state === 'text') return { place: 'text' }
  if (reader.state === 'in-tag' && !reader.tag.startsWith('/')) return { place: 'tag' }
  if (reader.state !== 'value') return refuse(`No value is safe in ${describe(reader)}`)
  const name = reader.attribute
  if (isForbiddenAttribute(name)) return refuse(`No value is safe in the attribute ${name}`)
  const hole: Hole = { place: isUrlAttribute(name) ? placeInUrl(reader) : 'attribute' }
  reader.holesInValue++
  return hole
}

function placeInUrl(reader: Reader): Hole['place'] {
  const prefix = reader.value.trimStart()
  if (prefix === '') {
    if (reader.holesInValue > 0) return refuse('Two holes in a row can make up a scheme')
    if (programTags.has(reader.tag.toLowerCase())) return refuse(`Say in the template where <${reader.tag}> loads from`)
    return 'url'
  }
  if (prefix === '/') return 'path'
  const scheme = /^([^/?#:]*):/.exec(prefix)?.[1]?.toLowerCase()
  if (scheme !== undefined)
    return allowedSchemes.has(scheme) ? 'attribute' : refuse(`The scheme ${scheme} is not allowed`)
  return /[/?#]/.test(prefix) ? 'attribute' : refuse(`After ${prefix} a value can make up a scheme`)
}

function describe(reader: Reader): string {
  switch (reader.state) {
    case 'raw':
      return `<${reader.tag}>`
    case 'declaration':
      return 'a comment or declaration'
    case 'tag-open':
    case 'tag-name':
      return 'the name of a tag'
    case 'before-value':
      return `the unquoted attribute ${reader.attribute}`
    case 'value':
      return `the attribute ${reader.attribute}`
    default:
      return `the tag ${reader.tag}`
  }
}

function refuse(reason: string): never {
  throw new TypeError(`html template: ${reason}`)
}
