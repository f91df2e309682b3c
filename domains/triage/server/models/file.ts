// A model file: one line of JSON that says what follows, then the numbers. A damaged file is an error with a reason,
// never a model that guesses.
import { createHash } from 'node:crypto'

const MAGIC = 'rapport-model-1'

/** The file can't be used; the program goes on without it and says *unsure*. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError'
}

export type Numbers = Int8Array | Float32Array

interface Section {
  readonly name: string
  readonly kind: 'int8' | 'float32'
  readonly length: number
}

/** Packs named arrays and what is to be known of them. The same input gives the same bytes. */
export function packModel(about: unknown, arrays: Readonly<Record<string, Numbers>>): Buffer {
  const sections: Section[] = Object.entries(arrays).map(([name, numbers]) => ({
    name,
    kind: numbers instanceof Int8Array ? 'int8' : 'float32',
    length: numbers.length,
  }))
  const body = Buffer.concat(
    Object.values(arrays).map((numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)),
  )
  const checksum = createHash('sha256').update(body).digest('hex')
  return Buffer.concat([Buffer.from(`${JSON.stringify({ magic: MAGIC, about, sections, checksum })}\n`), body])
}

/** Unpacks what `packModel` made. Throws ModelFileError where it is not whole. */
export function unpackModel(bytes: Uint8Array): { about: unknown; arrays: Record<string, Numbers> } {
  const newline = bytes.indexOf(10)
  const header = readHeader(bytes, newline)
  const body = bytes.subarray(newline + 1)
  if (createHash('sha256').update(body).digest('hex') !== header.checksum)
    throw new ModelFileError('The model file is damaged: its checksum is another.')
  const arrays: Record<string, Numbers> = {}
  let at = 0
  for (const { name, kind, length } of header.sections) {
    const size = kind === 'int8' ? length : length * 4
    if (at + size > body.length) throw new ModelFileError('The model file ends too early.')
    // A copy of its own: a Float32Array must begin at a multiple of four.
    const copy = new Uint8Array(body.subarray(at, at + size))
    arrays[name] = kind === 'int8' ? new Int8Array(copy.buffer) : new Float32Array(copy.buffer)
    at += size
  }
  return { about: header.about, arrays }
}

function readHeader(bytes: Uint8Array, newline: number): { about: unknown; sections: Section[]; checksum: string } {
  try {
    if (newline < 0) throw new Error('no header')
    const header = JSON.parse(Buffer.from(bytes.subarray(0, newline)).toString('utf8')) as {
      magic: string
      about: unknown
      sections: Section[]
      checksum: string
    }
    if (header.magic !== MAGIC) throw new Error('other kind')
    return header
  } catch {
    throw new ModelFileError('This is no model file of Rapport.')
  }
}
